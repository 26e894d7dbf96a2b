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
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }) => { if (data.type === "frame") this.frame = data; hear(this, data); };
    this.worker.onerror = (e) => hear(this, { type: "failed", text: e.message || "this page may not start a worker" });
  }

  /** @param {string} order @param {object} more */
  tell(order, more = {}) { this.worker.postMessage({ order, ...more }); }

  /**
   * Train from the beginning.
   * @param {Settings} settings
   */
  begin(settings) { this.settings = settings; this.tell("begin", { settings }); }

  close() { this.worker.terminate(); }
}
