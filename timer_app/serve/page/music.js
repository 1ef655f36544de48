// Music below the cues: files from the computer, one after the other, stepping back while somebody speaks.

export class Music {
  constructor(context, clock, target, address) {
    this.context = context;
    this.clock = clock;
    this.address = address;
    this.level = new GainNode(context, { gain: 0 });
    this.duck = new GainNode(context);
    this.level.connect(this.duck).connect(target);
    this.player = null;
    this.tracks = [];
    this.timers = new Set();
  }

  lay(message) {
    this.end();
    this.tracks = message.tracks;
    this.gain = message.gain;
    this.steps = message.duck;
    if (!this.tracks.length) {
      return;
    }
    this.player = new Audio();
    this.player.addEventListener("ended", () => this.next());
    // One that this browser cannot play is left out; when there is no other, it is silent.
    this.player.addEventListener("error", () => this.leaveOut());
    new MediaElementAudioSourceNode(this.context, { mediaElement: this.player }).connect(this.level);
    this.player.src = this.address(this.tracks[0]);
  }

  next() {
    this.tracks.push(this.tracks.shift());
    this.turnOn();
  }

  leaveOut() {
    this.tracks.shift();
    this.turnOn();
  }

  turnOn() {
    if (this.player && this.tracks.length) {
      this.player.src = this.address(this.tracks[0]);
      this.sounds && this.player.play().catch(() => {});
    }
  }

  // Go to a level from 0 to 1; at 0 it stands still, and goes on from there.
  go({ level, fade_ms: fadeMs, at_ms: atMs }) {
    if (!this.player || !this.clock.isSet) {
      return;
    }
    const now = this.context.currentTime;
    const at = Math.max(now, this.clock.contextTime(atMs));
    const until = at + fadeMs / 1000;
    const gain = this.level.gain;
    gain.cancelScheduledValues(at);
    gain.setTargetAtTime(level * this.gain, at, Math.max(0.005, fadeMs / 3000));
    this.sounds = level > 0;
    this.after(((level > 0 ? at : until + fadeMs / 1000) - now) * 1000, () => {
      level > 0 ? this.player?.play().catch(() => {}) : this.sounds || this.player?.pause();
    });
  }

  stepBack(from, until) {
    if (!this.player) {
      return;
    }
    this.duck.gain.setTargetAtTime(this.steps.to, from, this.steps.in_ms / 3000);
    this.duck.gain.setTargetAtTime(1, until, this.steps.back_ms / 3000);
  }

  comeBack(now) {
    this.duck.gain.cancelScheduledValues(now);
    this.duck.gain.setTargetAtTime(1, now, 0.05);
  }

  end() {
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.sounds = false;
    this.player?.pause();
    this.player?.removeAttribute("src");
    this.player = null;
    this.level.gain.cancelScheduledValues(0);
    this.level.gain.value = 0;
  }

  after(ms, act) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, Math.max(0, ms));
    this.timers.add(timer);
  }
}
