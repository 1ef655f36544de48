// The line to the app. To the terminal it looks like a socket that never breaks: it is joined again when it does.

const Socket = window.WebSocket;

// Why the server ended a line; the numbers are in runs.py.
const TAKEN_OVER = 4001;
const LEFT = 4002;
const FULL = 4003;
const FAILED = 4004;

const WHY = {
  [TAKEN_OVER]: "The session is shown in another window now.",
  [LEFT]: "Slow Count was closed.",
  [FULL]: "As many pages are open as may be. Close one of them, wait a minute, and try again.",
  [FAILED]: "Slow Count cannot be started on the computer; where it is served, the reason is told.",
};
const LOST = "The computer cannot be reached. After a minute without a page a session is closed; what you did is kept.";

const TRY_FOR_MS = 60_000;
const TRY_EVERY_MS = 700;
const SILENT_MS = 8_000;
const SYNC_EVERY_MS = 2_000;
const SYNCS_AT_FIRST = 8;
const SYNC_AT_FIRST_MS = 60;

// This page's name for itself: it stays when the page is loaded again, and another tab has another.
function pageId() {
  let id = sessionStorage.getItem("page");
  if (!id) {
    id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("page", id);
  }
  return id;
}

// Tells events: "joined" each time it is, "lost" when it breaks or cannot be joined yet, "ended" with the reason, "sync",
// "sound", "place".
export class Line extends EventTarget {
  constructor() {
    super();
    this.id = pageId();
    this.size = null;
    this.listeners = { open: [], close: [], message: [] };
    this.socket = null;
    this.ended = false;
    this.lostAt = null;
    this.opened = false;
    setInterval(() => this.look(), SYNC_EVERY_MS);
  }

  // What the terminal takes for its socket.
  forTerminal() {
    const line = this;
    return class {
      constructor(address) {
        const asked = new URL(address, location.href).searchParams;
        line.size ??= { width: asked.get("width"), height: asked.get("height") };
        line.join();
      }

      addEventListener(type, listener) {
        line.listeners[type].push(listener);
      }

      send(said) {
        line.pass(said);
      }
    };
  }

  // Say something to the server; lost when there is no line just now.
  say(...parts) {
    this.pass(JSON.stringify(parts));
  }

  pass(said) {
    const [kind, value] = JSON.parse(said);
    if (kind === "resize") {
      this.size = value;
    }
    if (this.socket?.readyState === Socket.OPEN) {
      this.socket.send(said);
    }
  }

  join() {
    const address = new URL("/ws", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = new URLSearchParams({ page: this.id, ...this.size });
    const socket = new Socket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.joined(socket);
    socket.onmessage = (event) => this.heard(socket, event);
    socket.onclose = (event) => this.broken(socket, event.code);
    this.socket = socket;
    this.heardAt = this.askedAt = performance.now();
  }

  joined(socket) {
    this.lostAt = null;
    this.dispatch("joined");
    this.opened || this.tellTerminal("open", new Event("open"));
    this.opened = true;
    this.say("focus");
    for (let turn = 0; turn < SYNCS_AT_FIRST; turn++) {
      setTimeout(() => socket === this.socket && this.sync(), turn * SYNC_AT_FIRST_MS);
    }
  }

  heard(socket, event) {
    if (socket !== this.socket) {
      return;
    }
    this.heardAt = performance.now();
    if (typeof event.data !== "string") {
      this.tellTerminal("message", event);
      return;
    }
    const [kind, ...values] = JSON.parse(event.data);
    if (kind === "sync" || kind === "sound" || kind === "place") {
      this.dispatch(kind, values);
    } else {
      this.tellTerminal("message", event);
    }
  }

  broken(socket, code) {
    if (socket !== this.socket || this.ended) {
      return;
    }
    this.lostAt ??= performance.now();
    if (WHY[code]) {
      this.end(WHY[code]);
    } else if (performance.now() - this.lostAt > TRY_FOR_MS) {
      this.end(LOST);
    } else {
      this.dispatch("lost");
      setTimeout(() => socket === this.socket && this.join(), TRY_EVERY_MS);
    }
  }

  end(why) {
    this.ended = true;
    this.dispatch("ended", why);
  }

  sync() {
    const now = performance.now();
    if (this.askedAt <= this.heardAt) {
      this.askedAt = now;
    }
    this.say("sync", now);
  }

  // A server that says nothing, though it was asked, is gone, even where the network does not tell.
  look() {
    if (this.ended || this.socket?.readyState !== Socket.OPEN) {
      return;
    }
    // Only what was asked counts: a page in the background may look once a minute.
    if (this.askedAt > this.heardAt && performance.now() - this.askedAt > SILENT_MS) {
      const socket = this.socket;
      socket.close();
      this.broken(socket, 0);
    } else {
      this.sync();
    }
  }

  dispatch(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  tellTerminal(type, event) {
    this.listeners[type].forEach((listener) => listener(event));
  }
}
