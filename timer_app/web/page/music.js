// Music below the cues: files from the computer, one after the other, stepping back while somebody speaks.

// What goes to a target by halves is there, to the ear, after three times its constant.
const CONSTANTS = 3;
const LEVELS_KEPT = 8;
const SHORTEST_S = 0.005;
const REPLACED_FADE_S = 1;

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
    this.sounds = false;
    this.timers = [];
    this.waiting = []; // levels that came before the device ran or the clocks were compared
  }

  lay(message) {
    this.leave();
    this.end();
    this.tracks = message.tracks;
    this.gain = message.gain;
    this.steps = message.duck;
    if (!this.tracks.length) {
      return;
    }
    this.player = new Audio();
    this.player.addEventListener("ended", () => this.next());
    this.player.addEventListener("error", () => this.leaveOut());
    new MediaElementAudioSourceNode(this.context, { mediaElement: this.player }).connect(this.level);
    this.load();
  }

  load() {
    if (this.player && this.tracks.length) {
      this.player.src = this.address(this.tracks[0]);
      this.sounds && this.begin();
    }
  }

  begin() {
    this.player?.play().catch(() => {}); // a file that cannot be played is told by its "error"
  }

  next() {
    this.tracks.push(this.tracks.shift());
    this.load();
  }

  leaveOut() {
    if (this.player?.hasAttribute("src")) {
      this.tracks.shift();
      this.load();
    }
  }

  // Go to a level from 0 to 1; at 0 it stands still, and goes on from there.
  go(message) {
    this.waiting.push(message);
    this.waiting.splice(0, this.waiting.length - LEVELS_KEPT);
    this.catchUp();
  }

  catchUp() {
    if (this.context.state === "running" && this.clock.isSet) {
      this.waiting.splice(0).forEach((message) => this.player && this.move(message));
    }
  }

  move({ level, fade_ms: fadeMs, at_ms: atMs }) {
    const now = this.context.currentTime;
    const at = Math.max(now, this.clock.contextTime(atMs));
    const fadeS = Math.max(SHORTEST_S, fadeMs / 1000);
    this.level.gain.cancelScheduledValues(at);
    this.level.gain.setTargetAtTime(level * this.gain, at, fadeS / CONSTANTS);
    this.timers = this.timers.filter(({ due, timer }) => due < at || clearTimeout(timer));
    if (level > 0) {
      this.at(at, () => this.turn(true));
    } else {
      this.at(at + 2 * fadeS, () => this.turn(false));
    }
  }

  turn(sounds) {
    this.sounds = sounds;
    sounds ? this.begin() : this.player?.pause();
  }

  stepBack(from, until) {
    if (this.player) {
      // Lines come in order: a return that the next line prevents is not on the plan any more.
      this.duck.gain.cancelScheduledValues(from);
      this.duck.gain.setTargetAtTime(this.steps.to, from, this.steps.in_ms / 1000 / CONSTANTS);
      this.duck.gain.setTargetAtTime(1, until + this.steps.hold_ms / 1000, this.steps.back_ms / 1000 / CONSTANTS);
    }
  }

  // Of what was to be said, only these lines are left.
  planAnew(now, lines) {
    if (this.player) {
      const left = lines.filter(({ until }) => until > now);
      this.duck.gain.cancelScheduledValues(now);
      if (!left.some(({ at }) => at <= now)) {
        this.duck.gain.setTargetAtTime(1, now, this.steps.back_ms / 1000 / CONSTANTS);
      }
      left.forEach(({ at, until }) => this.stepBack(Math.max(now, at), until));
    }
  }

  // What sounds fades out on its own while other music comes in.
  leave() {
    if (this.player && this.sounds) {
      const { player, level } = this;
      level.gain.cancelScheduledValues(this.context.currentTime);
      level.gain.setTargetAtTime(0, this.context.currentTime, REPLACED_FADE_S / CONSTANTS);
      setTimeout(() => {
        player.pause();
        player.removeAttribute("src");
        level.disconnect();
      }, 2 * REPLACED_FADE_S * 1000);
      this.player = null;
      this.level = new GainNode(this.context, { gain: 0 });
      this.level.connect(this.duck);
    }
  }

  end() {
    this.timers.forEach(({ timer }) => clearTimeout(timer));
    this.timers = [];
    this.waiting = [];
    this.sounds = false;
    this.player?.pause();
    this.player?.removeAttribute("src");
    this.player = null;
    this.level.gain.cancelScheduledValues(0);
    this.level.gain.value = 0;
  }

  at(due, act) {
    const timer = setTimeout(act, Math.max(0, (due - this.context.currentTime) * 1000));
    this.timers.push({ due, timer });
  }
}
