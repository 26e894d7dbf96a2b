// One run as the page knows it: a worker, its settings and its latest frame.

class Run {
  /**
   * @param {string} source the worker's script
   * @param {Settings} settings
   * @param {(run: Run, message: any) => void} hear
   */
  constructor(source, settings, hear) {
    this.settings = settings;
    /** @type {Frame | null} */ this.frame = null;
    this.turn = 0; // counts the beginnings: what the worker still says of an earlier run is not heard
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }) => {
      if (data.turn < this.turn && data.step) return; // a picture of step 0 does no harm, and drawing goes on smoothly
      if (data.type === "frame") this.frame = data;
      hear(this, data);
    };
    this.worker.onerror = (e) => hear(this, { type: "failed", text: e.message || "this page may not start a worker" });
  }

  /** @param {string} order @param {object} more */
  tell(order, more = {}) { this.worker.postMessage({ order, ...more }); }

  /**
   * Train from the beginning.
   * @param {Settings} settings
   */
  begin(settings) {
    this.settings = settings;
    if (this.frame && this.frame.step) this.frame = null;
    this.tell("begin", { settings, turn: ++this.turn });
  }

  close() { this.worker.terminate(); }
}
