// Drawing: the plane and the charts. The page only paints; the worker has done the sums.

/** Colours of the theme, read from the style sheet. @param {HTMLElement} root */
function palette(root) {
  const style = getComputedStyle(root), get = (n) => style.getPropertyValue(`--${n}`).trim();
  const rgb = (n) => get(n).match(/\w\w/g).map((h) => parseInt(h, 16));
  return { real: get("real"), fake: get("fake"), ink: get("ink"), soft: get("soft"), line: get("line"), paper: get("paper"), low: rgb("low"), mid: rgb("mid"), high: rgb("high") };
}

/** A canvas that is sharp on this screen; returns its context, scaled to CSS pixels. */
function sharpen(canvas) {
  const ratio = Math.min(2, window.devicePixelRatio || 1), w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
  }
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, w, h);
  return c;
}

const tile = typeof document === "undefined" ? null : document.createElement("canvas");

/** A field of values in 0 ... 1 as colours: low = fake, middle = undecided, high = real. */
function paintField(c, field, size, p) {
  tile.width = tile.height = SIDE;
  const t = tile.getContext("2d"), image = t.createImageData(SIDE, SIDE);
  for (let i = 0; i < field.length; i++) {
    const x = field[i], [a, b, k] = x < 0.5 ? [p.low, p.mid, 2 * x] : [p.mid, p.high, 2 * x - 1];
    for (let j = 0; j < 3; j++) image.data[4 * i + j] = a[j] + (b[j] - a[j]) * k;
    image.data[4 * i + 3] = 255;
  }
  t.putImageData(image, 0, 0);
  c.imageSmoothingEnabled = true;
  c.drawImage(tile, 0, 0, size, size);
}

/** One frame of the plane. @param {HTMLCanvasElement} canvas @param {any} f a frame @param {any} show */
function paintPlane(canvas, f, show, p, drawing, cursor) {
  const c = sharpen(canvas), size = canvas.clientWidth, at = (v) => ((v / REACH + 1) * size) / 2;
  const field = show.optimum ? f.best : f.field;
  if (field && (show.optimum || show.landscape)) paintField(c, field, size, p);
  if (show.warp && f.warp) {
    c.strokeStyle = p.fake; c.globalAlpha = 0.55; c.lineWidth = 1;
    c.beginPath();
    for (let i = 0; i < WARP; i++) for (const [first, stride] of [[i * WARP, 1], [i, WARP]]) for (let j = 0; j < WARP; j++) {
      const q = 2 * (first + j * stride);
      c[j ? "lineTo" : "moveTo"](at(f.warp[q]), at(-f.warp[q + 1]));
    }
    c.stroke(); c.globalAlpha = 1;
  }
  const r = Math.max(2, size / 190);
  if (show.real) { // rings for real, discs for fake: shape tells them apart, not colour alone
    c.strokeStyle = p.real; c.lineWidth = 1.3;
    const dots = drawing || Array.from({ length: f.real.length / 2 }, (_, i) => [f.real[2 * i], f.real[2 * i + 1]]);
    for (const [x, y] of dots) { c.beginPath(); c.arc(at(x), at(-y), r, 0, 7); c.stroke(); }
  }
  if (show.fake && !drawing) {
    c.fillStyle = p.fake; c.strokeStyle = p.paper; c.lineWidth = 0.6;
    for (let i = 0; i < f.fakes.length; i += 2) { c.beginPath(); c.arc(at(f.fakes[i]), at(-f.fakes[i + 1]), r, 0, 7); c.fill(); c.stroke(); }
  }
  if (show.arrows && f.arrows && !drawing) { // one scale always: where the gradient vanishes, so do they
    c.strokeStyle = p.ink; c.lineWidth = 1.2; c.beginPath();
    for (let i = 0; i < f.fakes.length; i += 4) {
      const dx = f.arrows[i], dy = f.arrows[i + 1], length = Math.hypot(dx, dy), k = Math.min(0.12, 0.4 / (length + 1e-9));
      const x = at(f.fakes[i]), y = at(-f.fakes[i + 1]), ex = at(f.fakes[i] + k * dx), ey = at(-f.fakes[i + 1] - k * dy), turn = Math.atan2(ey - y, ex - x);
      const head = Math.min(5, Math.hypot(ex - x, ey - y) / 2);
      c.moveTo(x, y); c.lineTo(ex, ey);
      for (const side of [2.6, -2.6]) { c.moveTo(ex, ey); c.lineTo(ex + head * Math.cos(turn + side), ey + head * Math.sin(turn + side)); }
    }
    c.stroke();
  }
  if (cursor) {
    c.strokeStyle = p.ink; c.lineWidth = 2; c.beginPath();
    c.moveTo(at(cursor[0]) - 9, at(-cursor[1])); c.lineTo(at(cursor[0]) + 9, at(-cursor[1]));
    c.moveTo(at(cursor[0]), at(-cursor[1]) - 9); c.lineTo(at(cursor[0]), at(-cursor[1]) + 9); c.stroke();
  }
}

/**
 * A small line chart: time to the right.
 * @param {{name: string, colour: string, dash?: number[], of: (row: number[]) => number}[]} lines
 */
function paintChart(canvas, history, lines, p, floorAtZero = true) {
  const c = sharpen(canvas), w = canvas.clientWidth, h = canvas.clientHeight, left = 40, top = 8, bottom = 20;
  const rows = history.filter((row) => lines.some((l) => Number.isFinite(l.of(row))));
  const values = rows.flatMap((row) => lines.map((l) => l.of(row))).filter(Number.isFinite);
  let low = Math.min(...values, floorAtZero ? 0 : Infinity), high = Math.max(...values);
  if (!rows.length) { low = 0; high = 1; }
  if (high - low < 1e-6) high = low + 1;
  const last = Math.max(1, rows.length ? rows[rows.length - 1][0] : 1);
  const x = (s) => left + ((w - left - 8) * s) / last, y = (v) => h - bottom - ((h - top - bottom) * (v - low)) / (high - low);
  c.font = "12px system-ui, sans-serif"; c.fillStyle = p.soft; c.strokeStyle = p.line; c.lineWidth = 1;
  for (const v of [low, high]) {
    c.beginPath(); c.moveTo(left, y(v)); c.lineTo(w - 8, y(v)); c.stroke();
    c.textAlign = "right"; c.fillText(Math.abs(v) >= 10 || Number.isInteger(v) ? v.toFixed(0) : v.toFixed(2), left - 6, y(v) + 4);
  }
  c.textAlign = "left"; c.fillText("step 0", left, h - 4);
  c.textAlign = "right"; c.fillText(last.toLocaleString("en"), w - 8, h - 4);
  for (const l of lines) {
    c.strokeStyle = l.colour; c.lineWidth = 1.8; c.setLineDash(l.dash || []); c.beginPath();
    let pen = false;
    for (const row of rows) { const v = l.of(row); if (!Number.isFinite(v)) { pen = false; continue; } c[pen ? "lineTo" : "moveTo"](x(row[0]), y(v)); pen = true; }
    c.stroke();
  }
  c.setLineDash([]);
}
