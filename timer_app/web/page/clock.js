// Tells at which moment of the sound device a moment of the computer's clock falls.

const ROUNDS_KEPT = 12;
const DEVICE_KEPT = 15;
// In its first ten seconds a device that plays through a sound server tells of itself up to 30 ms more or less than later
// on. Nobody notices that a tone is so far from the screen: the eye forgives sound that is 45 ms early, and 125 that is late
// (ITU-R BT.1359). A step of that length between two tones is heard.
const JUMP_MS = 45;
const FOLLOW_MS_PER_S = 0.25;

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

export class MachineClock {
  constructor(context) {
    this.context = context;
    this.rounds = []; // comparisons with the computer's clock, each as good as its answer was quick
    this.device = []; // how far the device's clock lies from the page's
    this.used = null; // what is added to the computer's milliseconds to get the device's
    this.movedAt = 0;
  }

  get isSet() {
    return this.rounds.length > 0;
  }

  // Take note of the computer's clock: it showed `machineMs` between `sentAt` and `heardAt` of the page's.
  compare(sentAt, machineMs, heardAt) {
    this.rounds.push({ tookMs: heardAt - sentAt, awayMs: machineMs - (sentAt + heardAt) / 2 });
    this.rounds.splice(0, this.rounds.length - ROUNDS_KEPT);
    if (this.context.state === "running") {
      this.move();
    }
  }

  // What the computer's clock shows now.
  machineMs() {
    return performance.now() + this.best().awayMs;
  }

  forgetDevice() {
    this.device = [];
    this.used = null;
  }

  // The second of the device at which something is heard at `atMs` of the computer's clock.
  contextTime(atMs) {
    if (this.used === null) {
      this.move();
    }
    return (atMs + this.used) / 1000;
  }

  // Both comparisons waver by some milliseconds. What is used follows slowly, so cues keep their distance to the sample.
  move() {
    this.device.push(this.deviceAwayMs());
    this.device.splice(0, this.device.length - DEVICE_KEPT);
    const wanted = median(this.device) - this.best().awayMs;
    const now = performance.now();
    const most = ((now - this.movedAt) / 1000) * FOLLOW_MS_PER_S;
    this.movedAt = now;
    if (this.used === null || Math.abs(wanted - this.used) > JUMP_MS) {
      this.used = wanted;
    } else {
      this.used += Math.min(most, Math.max(-most, wanted - this.used));
    }
  }

  best() {
    return this.rounds.reduce((one, other) => (other.tookMs < one.tookMs ? other : one));
  }

  // By how much the device's milliseconds, as they are heard, are ahead of the page's.
  deviceAwayMs() {
    const heard = this.context.getOutputTimestamp?.();
    if (heard?.performanceTime) {
      return heard.contextTime * 1000 - heard.performanceTime;
    }
    const latencyS = this.context.outputLatency || this.context.baseLatency || 0;
    return (this.context.currentTime - latencyS) * 1000 - performance.now();
  }
}
