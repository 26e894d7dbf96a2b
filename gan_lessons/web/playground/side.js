// One run on the page: its plane, its charts, and what is said about it.

class Side {
  /** @param {string} letter A or B @param {Run} run */
  constructor(letter, run) {
    this.letter = letter;
    this.run = run;
    this.plane = make("canvas", { class: "ganp-plane" });
    this.offer();
    this.told = make("p", { class: "ganp-told" });
    this.box = make("section", { class: "ganp-side", "aria-label": `Run ${letter}` },
      make("p", { class: "ganp-name" }, `Run ${letter}`), this.plane, this.told);
    this.canvases = CHARTS.map(({ label }) =>
      make("canvas", { class: "ganp-chart", role: "img", "aria-label": `Run ${letter}: ${label}` }));
    /** @type {(keys: [string, string][]) => HTMLElement[]} */
    const legend = (keys) => keys.map(([key, text]) => make("span", {}, make("i", { class: `ganp-line ganp-line-${key}` }), text));
    this.charts = make("section", { class: "ganp-charts", "aria-label": `Charts of run ${letter}` },
      make("p", { class: "ganp-name" }, `Run ${letter}`), ...CHARTS.map(({ title, keys }, i) => make("figure", {},
        make("figcaption", {}, make("b", {}, title), ...legend(keys)),
        this.canvases[i])));
  }

  get settings() { return this.run.settings; }

  get step() { return this.run.frame ? this.run.frame.step : 0; }

  get drawn() { return this.settings.data === "drawing"; }

  /** The plane as what it is now: a picture, or a sheet to draw on, to which screen readers leave the arrow keys. */
  offer() {
    const { plane, drawn, letter } = this;
    plane.tabIndex = drawn ? 0 : -1;
    plane.classList.toggle("ganp-draw", drawn);
    plane.setAttribute("role", drawn ? "application" : "img");
    const what = drawn ? "the square to draw real points on: arrow keys move the cross, Space sets a point"
      : "real points as rings, forgeries as discs; the ground is what D believes";
    plane.setAttribute("aria-label", `Run ${letter}: ${what}`);
  }

  /**
   * In words, for everybody.
   * @returns {string}
   */
  get sentence() {
    const f = this.run.frame;
    if (!f) return "";
    const [, , , covered, places, distance, floor] = f.now.map(Number);
    const known = (/** @type {number | null} */ loss) => (loss === null ? "not yet known" : loss.toFixed(2));
    const losses = f.lossD === null ? "" : ` Loss of D ${known(f.lossD)}, of G ${known(f.lossG)}.`;
    const away = f.fakes.reduce((n, x, i) => n + (i % 2 === 0 && Math.max(Math.abs(x), Math.abs(f.fakes[i + 1])) > REACH ? 1 : 0), 0);
    const outside = away ? ` ${away} of ${SHOWN} forgeries lie outside the square.` : "";
    const fit = `${covered} of ${places} places covered, distance ${distance.toFixed(3)} (real against real: ${floor.toFixed(3)})`;
    return `Step ${f.step.toLocaleString("en")}: ${fit}.${losses}${outside}`;
  }

  /**
   * @param {Record<string, boolean>} show @param {Palette} p @param {Side[]} all share the charts' scales
   * @param {number[] | null} cursor
   */
  paint(show, p, all, cursor) {
    const f = this.run.frame;
    if (!f) return;
    const own = this.drawn && f.step === 0 ? this.settings.drawing : null;
    paintPlane(this.plane, f, show, p, own, own && document.activeElement === this.plane ? cursor : null);
    CHARTS.forEach(({ lines }, i) => {
      const drawn = lines(p), ends = extent(all.flatMap(({ run }) => (run.frame ? [run.frame.log] : [])), drawn);
      paintChart(this.canvases[i], f.log, drawn, ends, f.step, p);
    });
  }

  remove() { this.run.close(); this.box.remove(); this.charts.remove(); }
}

/** @type {{title: string, label: string, keys: [string, string][], lines: (p: Palette) => Line[]}[]} */
const CHARTS = [
  {
    title: "Losses", label: "losses of D and of G by step", keys: [["dealer", "D"], ["painter", "G"]],
    lines: (p) => [{ colour: p.dealer, of: (r) => r[1] }, { colour: p.painter, dash: [5, 3], of: (r) => r[2] }],
  },
  {
    title: "Places covered", label: "places covered by step", keys: [["ink", "covered"], ["soft", "all"]],
    lines: (p) => [{ colour: p.ink, of: (r) => r[3] }, { colour: p.soft, dash: [2, 3], of: (r) => r[4] }],
  },
  {
    title: "Sliced Wasserstein distance", label: "distance to the real points by step, with its floor",
    keys: [["ink", "forged"], ["soft", "real against real"]],
    lines: (p) => [{ colour: p.ink, of: (r) => r[5] }, { colour: p.soft, dash: [2, 3], of: (r) => r[6] }],
  },
];
