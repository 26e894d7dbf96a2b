// The worker: trains in short bursts, keeps snapshots, answers the page. One run lives in it.

const FRAME_MS = 33, MEASURE_MS = 250, MOST_SNAPSHOTS = 240;
const state = { gan: null, meter: null, views: null, playing: false, slow: false, pace: 300, show: {}, due: 0, frameAt: 0, measureAt: 0 };
/** @type {ReturnType<GAN["save"]>[]} */ let snapshots = [];
let every = 20; // steps between snapshots; doubles when they become too many
let history = []; // [step, lossD, lossG, modes, of, distance, floor]
let timer = 0;

function begin(settings) {
  state.gan = new GAN(settings);
  state.meter = new Meter(state.gan);
  state.views = new Views(state.gan);
  snapshots = []; history = []; every = 20; state.due = 0;
  keep();
  measure();
}

function keep() {
  snapshots.push(state.gan.save());
  if (snapshots.length <= MOST_SNAPSHOTS) return;
  snapshots = snapshots.filter((_, i) => i % 2 === 0);
  every *= 2;
}

function measure() {
  const { gan, meter } = state, m = meter.measure();
  history.push([gan.step, gan.lossD, gan.lossG, m.modes, m.of, m.distance, m.floor]);
  if (history.length > 800) history = history.filter((_, i) => i % 2 === 0 || i > 700);
  state.measureAt = performance.now();
}

function frame(phase = "") {
  const { gan, views, show } = state, fakes = views.fakes();
  const message = {
    type: "frame", step: gan.step, phase, kind: gan.heap.kind, lossD: gan.lossD, lossG: gan.lossG, real: views.reals(), fakes,
    field: show.landscape ? views.landscape() : null, best: show.optimum ? views.optimum(fakes) : null,
    warp: show.warp ? views.warp() : null, arrows: show.arrows ? views.arrows() : null, history,
    marks: snapshots.length, mark: snapshots.findLastIndex((s) => s.step <= gan.step), first: snapshots[0].step,
  };
  postMessage(message, [message.real, message.fakes, message.field, message.best, message.warp, message.arrows].filter(Boolean).map((a) => a.buffer));
  state.frameAt = performance.now();
}

/** Snapshots after now belong to a future that was rewound. */
function forget() {
  const { gan } = state;
  if (snapshots[snapshots.length - 1].step <= gan.step) return;
  snapshots = snapshots.filter((s) => s.step <= gan.step);
  history = history.filter((h) => h[0] <= gan.step);
}

function one() {
  const { gan } = state;
  gan.trainStep();
  if (gan.step % every === 0) keep();
  if (!gan.broken) return true;
  stop();
  postMessage({ type: "broken", step: gan.step });
  return false;
}

function burst() {
  const start = performance.now();
  if (state.slow) {
    frame(state.gan.phase());
    if (performance.now() - state.measureAt > MEASURE_MS) measure();
    return again(1300);
  }
  state.due = Math.min(state.due + (state.pace * (start - state.last)) / 1000, state.pace);
  state.last = start;
  while (state.due >= 1 && performance.now() - start < 20) {
    if (!one()) return frame();
    state.due--;
  }
  if (start - state.measureAt > MEASURE_MS) measure();
  if (start - state.frameAt > FRAME_MS) frame();
  again(state.pace > 1000 ? 0 : 8);
}

function again(ms) { clearTimeout(timer); if (state.playing) timer = setTimeout(burst, ms); }
function stop() { state.playing = false; clearTimeout(timer); }

const orders = {
  begin(m) { stop(); begin(m.settings); frame(); },
  options(m) { Object.assign(state, m.options); if (state.gan && !state.playing) frame(); },
  play() { forget(); state.playing = true; state.last = performance.now(); again(0); },
  pause() { stop(); measure(); frame(); },
  stepD() { stop(); forget(); state.gan.stepD(); measure(); frame("D"); },
  stepG() { stop(); forget(); state.gan.stepG(); measure(); frame("G"); },
  scrub(m) { stop(); state.gan.restore(snapshots[Math.min(m.mark, snapshots.length - 1)]); frame(); },
  /** Train and nothing else: steps a second. */
  bench(m) {
    stop();
    const gan = new GAN(m.settings, m.kind);
    for (let i = 0; i < 200; i++) gan.trainStep();
    const start = performance.now();
    for (let i = 0; i < m.steps; i++) gan.trainStep();
    postMessage({ type: "bench", kind: gan.heap.kind, rate: (1000 * m.steps) / (performance.now() - start) });
  },
};

onmessage = ({ data }) => {
  try { orders[data.order](data); } catch (error) { stop(); postMessage({ type: "failed", text: String(error && error.message) }); }
};
