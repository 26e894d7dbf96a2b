// What the discriminator says of a picture, as words and as a bar.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.dealer = GanLessons.dealer || (function () {
  /** @type {GanLessonsParts["dealer"]["box"]} */
  function box(network, probability) {
    const { make, fixed } = GanLessons.dom;
    const verdict = make("p"), bar = make("i"), explain = make("p.gl-note");
    const element = make("div.gl-dealer", { hidden: !network }, verdict, make("div.gl-meter", { "aria-hidden": "true" }, bar), explain);
    function judge(/** @type {Float32Array} */ picture) {
      if (!network) return;
      const score = network.run(picture)[0], share = probability ? score : 1 / (1 + Math.exp(-score));
      const percent = (100 * share).toFixed(share > 0.01 && share < 0.99 ? 0 : 1);
      const logit = probability ? "" : ` (logit ${fixed(score, 2, "+")})`;
      verdict.textContent = `The dealer: ${percent} % real${logit}`;
      explain.textContent = share > 0.5 ? "The dealer takes it for a real one." : "The dealer suspects a forgery.";
      bar.style.width = `${100 * share}%`;
    }
    return { element, judge, words: () => verdict.textContent || "" };
  }

  return { box };
})();
