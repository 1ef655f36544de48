// Plays cues at the sample at which they are to be heard, whatever the network and the screen are doing.

import { MachineClock } from "./clock.js";
import { Music } from "./music.js";

const TOO_LATE_MS = 500;
const LOUDNESS_S = 0.02;
const RESET_FADE_MS = 30;
const LOOKS_AT_FIRST = 8;
const LOOK_AT_FIRST_MS = 60;
const PLAYED_KEPT = 1_000;
const FULL_SCALE = 32_768;

function decoded(message) {
  const bytes = Uint8Array.from(atob(message.pcm), (character) => character.charCodeAt(0));
  const whole = new DataView(bytes.buffer);
  const buffer = new AudioBuffer({ length: bytes.length / 2, sampleRate: message.rate });
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = whole.getInt16(2 * index, true) / FULL_SCALE;
  }
  return buffer;
}

export class Sound {
  // `played` holds the last cues that were given to the device: when they were to be heard, in the computer's
  // milliseconds, and when they begin, in the device's seconds.
  constructor(musicAddress) {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.master = new GainNode(this.context, { gain: 0 });
    this.master.connect(this.context.destination);
    this.clock = new MachineClock(this.context);
    this.music = new Music(this.context, this.clock, this.master, musicAddress);
    this.clips = new Map();
    this.waiting = []; // cues that came before the device ran or the clocks were compared
    this.cues = new Set();
    this.played = [];
    this.context.addEventListener("statechange", () => this.wake());
  }

  get isOn() {
    return this.context.state === "running";
  }

  // Browsers let a page sound only after somebody touched it.
  async start() {
    await this.context.resume();
  }

  // A device that stood still has another place in time; what it tells of that is rough at first.
  wake() {
    if (this.isOn) {
      this.clock.forgetDevice();
      for (let turn = 1; turn <= LOOKS_AT_FIRST; turn++) {
        setTimeout(() => this.isOn && this.clock.isSet && this.clock.move(), turn * LOOK_AT_FIRST_MS);
      }
      this.playWaiting();
    }
  }

  sync(sentAt, machineMs) {
    this.clock.compare(sentAt, machineMs, performance.now());
    this.playWaiting();
  }

  obey(message) {
    const deeds = {
      reset: () => this.reset(),
      clip: () => this.clips.set(message.key, decoded(message)),
      forget: () => this.clips.delete(message.key),
      play: () => this.await(message),
      cancel: () => this.cancel(message.until_ms, message.fade_ms, message.speech_until_ms),
      loudness: () => this.master.gain.setTargetAtTime(message.volume, this.context.currentTime, LOUDNESS_S),
      music: () => this.music.lay(message),
      level: () => this.music.go(message),
    };
    deeds[message.do]?.();
  }

  reset() {
    this.cancel(null, RESET_FADE_MS);
    this.music.end();
    this.clips.clear();
  }

  await(cue) {
    this.waiting.push({ buffer: this.clips.get(cue.key), ...cue });
    this.playWaiting();
    // Where nobody starts the sound, what has passed is not kept.
    const earliestMs = this.clock.isSet ? this.clock.machineMs() - TOO_LATE_MS : -Infinity;
    this.waiting = this.waiting.filter(({ at_ms: atMs }) => atMs > earliestMs);
  }

  playWaiting() {
    if (this.isOn && this.clock.isSet) {
      this.music.catchUp();
      this.waiting.splice(0).forEach((cue) => cue.buffer && this.play(cue));
    }
  }

  play(cue) {
    const wanted = this.clock.contextTime(cue.at_ms);
    const lateMs = Math.max(0, (this.context.currentTime - wanted) * 1000);
    if (lateMs > TOO_LATE_MS) {
      return;
    }
    const at = Math.max(wanted, this.context.currentTime);
    const gain = new GainNode(this.context);
    const source = new AudioBufferSourceNode(this.context, { buffer: cue.buffer });
    source.connect(gain).connect(this.master);
    const until = at + cue.buffer.duration;
    const playing = { source, gain, at, until, at_ms: cue.at_ms, speech: cue.speech };
    this.cues.add(playing);
    source.onended = () => this.cues.delete(playing);
    source.start(at);
    if (cue.speech) {
      this.music.stepBack(at, until);
    }
    this.note({ at_ms: cue.at_ms, begins_s: at, late_ms: lateMs, length_s: cue.buffer.duration, speech: cue.speech });
  }

  note(played) {
    this.played.push(played);
    this.played.splice(0, this.played.length - PLAYED_KEPT);
  }

  // Forget the cues that are to begin after `untilMs` of the computer's clock, or all of them where that is null, and
  // fade out what of them sounds; a line that is being said, at `speechUntilMs` if that is told.
  cancel(untilMs, fadeMs, speechUntilMs = null) {
    const now = this.context.currentTime;
    const wordEnds = speechUntilMs === null ? now : Math.max(now, this.clock.contextTime(speechUntilMs));
    const stays = (cue) => untilMs !== null && cue.at_ms <= untilMs;
    this.waiting = this.waiting.filter(stays);
    for (const cue of this.cues) {
      if (!stays(cue)) {
        this.cues.delete(cue);
        this.fadeOut(cue, now, cue.speech ? wordEnds : now, fadeMs / 1000);
      }
    }
    this.music.planAnew(now, [...this.cues].filter((cue) => cue.speech));
  }

  fadeOut(cue, now, at, fadeS) {
    if (cue.at > now) {
      cue.source.stop();
    } else {
      cue.gain.gain.setValueAtTime(1, at);
      cue.gain.gain.linearRampToValueAtTime(0, at + fadeS);
      cue.source.stop(at + fadeS);
    }
  }
}
