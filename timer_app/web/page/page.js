// Puts the page together: terminal, sound, and the keys for fingers.

import { Line } from "./line.js";
import { Sound } from "./sound.js";

const FONT = '"Roboto Mono"';
const NARROW_COLUMNS = 43; // what the narrow layout of the screen is made for
const USUAL_FONT_PX = 16;
const SMALLEST_FONT_PX = 8;

// A session that was shared, behind the # of the address: letters of a link and nothing else.
const SHARED = /^#(timer-app:[\w+\-./:=%]{1,60000})$/i;

const line = new Line();
const sound = new Sound((track) => `/music/${track}?page=${line.id}`);
const startSound = document.querySelector("#start-sound");
const news = document.querySelector("#news");
const loading = document.querySelector("#loading");
const ended = document.querySelector("#ended");

// For whoever wants to know what was played, such as a test.
window.timerApp = { played: sound.played, sound, line };

// The largest usual size at which the narrow layout fits into the page.
function fontSize() {
  const pen = document.createElement("canvas").getContext("2d");
  const width = document.querySelector("#terminal").clientWidth;
  for (let size = USUAL_FONT_PX; size > SMALLEST_FONT_PX; size -= 0.25) {
    pen.font = `${size}px ${FONT}`;
    // The terminal's cells are whole pixels of the device.
    const cell = Math.floor(pen.measureText("W").width * devicePixelRatio) / devicePixelRatio;
    if (cell * NARROW_COLUMNS <= width) {
      return size;
    }
  }
  return SMALLEST_FONT_PX;
}

async function openTerminal() {
  await document.fonts.load(`${USUAL_FONT_PX}px ${FONT}`).catch(() => {});
  document.querySelector("#terminal").dataset.fontSize = fontSize();
  window.WebSocket = line.forTerminal();
  const script = document.createElement("script");
  script.src = "/terminal/js/textual.js";
  script.onload = () => {
    // It waits for the page to be loaded, which that may be or not be by now: it opens one terminal, not two.
    const open = window.onload;
    window.onload = null;
    open();
    // What stands above and below the terminal comes and goes; it looks at its size when the window's changes.
    new ResizeObserver(() => window.onresize()).observe(document.querySelector("#terminal"));
    listenToKeys();
  };
  document.body.append(script);
}

// The keyboard of a phone would cover half of the screen, so it comes only when it is asked for.
function listenToKeys() {
  const input = document.querySelector(".xterm-helper-textarea");
  const fingers = matchMedia("(pointer: coarse)").matches;
  input.inputMode = fingers ? "none" : "text";
  fingers || input.focus();
  // A button that was clicked would keep the keyboard to itself.
  document.addEventListener("click", ({ target }) => {
    if (input.inputMode === "text" && !ended.open && !target.closest(".keyboard")) {
      input.focus();
    }
  });
  document.querySelectorAll(".keyboard").forEach((button) => {
    button.addEventListener("click", () => {
      const shown = input.inputMode === "text" && document.activeElement === input;
      input.inputMode = shown ? "none" : "text";
      input.blur();
      shown || input.focus();
    });
  });
}

document.querySelectorAll("[data-command]").forEach((button) => {
  button.addEventListener("click", () => line.say("command", button.dataset.command));
});
document.querySelectorAll("[data-key]").forEach((button) => {
  button.addEventListener("click", () => line.say("stdin", button.dataset.key));
});

function showSound() {
  startSound.hidden = sound.isOn || line.ended;
}

function say(text) {
  news.textContent = text;
  news.hidden = !text;
}

for (const touch of ["pointerup", "keydown"]) {
  window.addEventListener(touch, () => sound.isOn || sound.start().catch(() => {}), { capture: true });
}
sound.context.addEventListener("statechange", showSound);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    line.look();
    sound.start().catch(() => {});
  }
});

line.addEventListener("sync", ({ detail: [sentAt, machineMs] }) => sound.sync(sentAt, machineMs));
line.addEventListener("sound", ({ detail: [message] }) => sound.obey(message));
let shared = SHARED.exec(location.hash)?.[1];
line.addEventListener("place", ({ detail: [place] }) => {
  document.body.dataset.place = place;
  loading.hidden = true;
  if (place === "library" && shared) {
    // The list takes it as if it had been pasted, and asks before it stores anything.
    line.say("stdin", `\u001b[200~${shared}\u001b[201~`);
    shared = "";
  }
});
line.addEventListener("lost", () => say("The connection is lost; joining again …"));
line.addEventListener("joined", () => say(""));
line.addEventListener("ended", ({ detail: why }) => {
  sound.reset();
  say("");
  loading.hidden = true;
  showSound();
  ended.querySelector("p").textContent = why;
  ended.showModal();
});
ended.querySelector("button").addEventListener("click", () => location.reload());
history.replaceState(null, "", "/"); // the token in the address has done its work
showSound();
openTerminal();
