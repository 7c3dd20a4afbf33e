// The interactive part of the report: scatter plots, gene table, thresholds. No library, no network.
"use strict";
(() => {
  const $ = (root, selector) => root.querySelector(selector);
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") node.textContent = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const digits = value => value.toLocaleString("en-US");
  const minus = text => text.replace("-", "−");

  // ---- numbers -------------------------------------------------------------------------------------------------
  function bytes(base64) {
    const text = atob(base64);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return out.buffer;
  }
  // P from its logarithm, printed even where a double would underflow.
  function printLogP(log10) {
    if (!Number.isFinite(log10)) return Number.isNaN(log10) ? "NA" : "0";
    if (log10 > -3) return String(Number((10 ** log10).toPrecision(2)));
    let exponent = Math.floor(log10), mantissa = (10 ** (log10 - exponent)).toFixed(1);
    if (mantissa === "10.0") { mantissa = "1.0"; exponent += 1; }
    return `${mantissa}e${exponent}`;
  }
  const printBcv = bcv => (bcv > 0 ? String(Number(bcv.toPrecision(3))) : "–");
  const printP = p => (p > 0 ? printLogP(Math.log10(p)) : Number.isNaN(p) ? "NA" : "0");

  // A text that a spreadsheet would run as a formula is led by an apostrophe; a number keeps its sign.
  const defused = text => (/^[=+@\t\r]/.test(text) || (text.startsWith("-") && Number.isNaN(Number(text))) ? `'${text}` : text);
  const quoted = text => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  // ---- downloads -----------------------------------------------------------------------------------------------
  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
  const fallbackSvg = name => {
    for (const node of document.querySelectorAll("noscript[data-fallback]")) {
      if (node.dataset.fallback === name) return node.textContent.match(/<svg[\s\S]*<\/svg>/)[0];
    }
    return "";
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.mark) {
      explorers.find(explorer => explorer.root.dataset.explorer === `data-${button.dataset.mark}`)?.mark(button.dataset.label, button.dataset.genes.split("\t"));
    } else if (button.dataset.saveSvg) {
      const svg = button.closest("figure").querySelector("svg");
      save(button.dataset.saveSvg, "image/svg+xml", new XMLSerializer().serializeToString(svg));
    } else if (button.dataset.saveFallback) {
      save(`${button.dataset.saveFallback}.svg`, "image/svg+xml", fallbackSvg(button.dataset.saveFallback));
    }
  });

  // ---- data ----------------------------------------------------------------------------------------------------
  function unpack(node) {
    const raw = JSON.parse(node.textContent);
    const data = {
      ...raw,
      ids: raw.ids.split("\n"), names: raw.names.split("\n"),
      logFC: new Float64Array(bytes(raw.logFC)), log10P: new Float64Array(bytes(raw.log10P)),
      fdr: new Float64Array(bytes(raw.fdr)), logCPM: new Float32Array(bytes(raw.logCPM)),
    };
    data.n = data.ids.length;
    data.label = i => data.names[i] || data.ids[i];
    data.call = new Int8Array(data.n);
    data.largestBcv = raw.largestBcv && Float32Array.from(new Float32Array(bytes(raw.largestBcv)), v => (Number.isNaN(v) ? 0 : v));
    if (data.expression) data.expression.steps = new Uint16Array(bytes(data.expression.steps));
    return data;
  }

  // ---- axes ----------------------------------------------------------------------------------------------------
  function ticks(low, high, wanted) {
    const raw = (high - low) / Math.max(wanted, 1), power = 10 ** Math.floor(Math.log10(raw));
    const step = [[1.414, 1], [3.162, 2], [7.071, 5], [11, 10]].find(([border]) => raw / power < border)[1] * power;
    const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    const out = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      out.push([i * step, minus((i * step + 0).toFixed(decimals))]);
    }
    return out;
  }
  function extent(values, margin) {
    let low = Infinity, high = -Infinity;
    for (const v of values) if (Number.isFinite(v)) { if (v < low) low = v; if (v > high) high = v; }
    if (low > high) return [0, 1];
    const pad = (high - low) * margin || 0.5;
    return [low - pad, high + pad];
  }

  // ---- scatter plot on canvas ----------------------------------------------------------------------------------
  class Scatter {
    constructor(stage, explorer, kind) {
      this.stage = stage; this.explorer = explorer; this.kind = kind;
      const data = explorer.data;
      if (kind === "ma") { this.x = data.logCPM; this.y = data.logFC; this.titles = [`average ${data.abundance}`, "log2 fold change"]; }
      else {
        // A few giants would flatten the rest: cut where a 64-bit P would be zero.
        const tallest = 320, cut = data.log10P.some(v => -v > tallest);
        this.x = data.logFC; this.y = Float64Array.from(data.log10P, v => Math.min(-v, tallest));
        this.titles = ["log2 fold change", cut ? `−log10 P (cut at ${tallest})` : "−log10 P"];
      }
      const sym = values => { const r = Math.max(1, ...extent(values, 0.05).map(Math.abs)); return [-r, r]; };
      const [, top] = extent(this.y, 0.05);
      this.home = kind === "ma" ? [...extent(this.x, 0.03), ...sym(this.y)] : [...sym(this.x), 0, Math.max(1, top)];
      this.view = [...this.home];
      this.base = make("canvas", { "aria-hidden": "true" });
      this.over = make("canvas", { class: "over", role: "img", "aria-label": `${this.titles[1]} against ${this.titles[0]}; the table below holds the same data` });
      this.tip = make("div", { class: "tip", hidden: "" });
      stage.append(this.base, this.over, this.tip);
      this.over.addEventListener("pointermove", e => this.move(e));
      this.over.addEventListener("pointerleave", () => { this.hovered = -1; this.drawOver(); });
      this.over.addEventListener("pointerdown", e => { this.from = this.place(e); this.over.setPointerCapture(e.pointerId); });
      this.over.addEventListener("pointercancel", () => { this.from = this.to = null; this.drawOver(); });
      this.over.addEventListener("pointerup", e => this.release(e));
      this.over.addEventListener("dblclick", () => { this.view = [...this.home]; this.draw(); });
      new ResizeObserver(() => this.draw()).observe(stage);
      this.hovered = -1;
    }
    place(event) { const box = this.over.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; }
    px(v) { return this.left + (v - this.view[0]) / (this.view[1] - this.view[0]) * this.width; }
    py(v) { return this.top + (this.view[3] - v) / (this.view[3] - this.view[2]) * this.height; }
    ix(p) { return this.view[0] + (p - this.left) / this.width * (this.view[1] - this.view[0]); }
    iy(p) { return this.view[3] - (p - this.top) / this.height * (this.view[3] - this.view[2]); }
    size() {
      const box = this.stage.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
      for (const canvas of [this.base, this.over]) {
        canvas.width = Math.max(1, Math.round(box.width * ratio)); canvas.height = Math.max(1, Math.round(box.height * ratio));
        canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      this.left = 46; this.top = 8; this.width = Math.max(10, box.width - 54); this.height = Math.max(10, box.height - 50);
      this.outer = box;
    }
    draw() {
      this.size();
      const g = this.base.getContext("2d"), { data } = this.explorer;
      g.clearRect(0, 0, this.outer.width, this.outer.height);
      this.drawAxes(g);
      g.save(); g.beginPath(); g.rect(this.left, this.top, this.width, this.height); g.clip();
      this.drawThresholds(g);
      this.index();
      const { marked } = this.explorer, fade = marked ? 0.35 : 1;
      const inks = [["--ns", 0, 0.5 * fade, 1.6], ["--down", -1, 0.8 * fade, 2.1], ["--up", 1, 0.8 * fade, 2.1]];
      for (const [name, call, alpha, radius] of inks) {
        g.fillStyle = color(name); g.globalAlpha = alpha; g.beginPath();
        for (let i = 0; i < data.n; i++) {
          if (data.call[i] !== call) continue;
          const x = this.sx[i], y = this.sy[i];
          if (x < this.left - 4 || x > this.left + this.width + 4 || y < this.top - 4 || y > this.top + this.height + 4) continue;
          g.moveTo(x + radius, y); g.arc(x, y, radius, 0, 6.2832);
        }
        g.fill();
      }
      g.globalAlpha = 1;
      if (marked) {
        g.strokeStyle = color("--ring"); g.lineWidth = 1.1;
        for (const i of marked) {
          g.fillStyle = color(["--down", "--ns", "--up"][data.call[i] + 1]);
          g.beginPath(); g.arc(this.sx[i], this.sy[i], 3.4, 0, 6.2832); g.fill(); g.stroke();
        }
      }
      this.drawNames(g);
      g.restore();
      this.drawOver();
    }
    drawAxes(g) {
      g.font = "11px system-ui, Helvetica, Arial, sans-serif"; g.lineWidth = 1;
      const line = color("--line"), muted = color("--muted");
      g.strokeStyle = line; g.fillStyle = muted; g.textAlign = "center"; g.textBaseline = "top";
      for (const [v, text] of ticks(this.view[0], this.view[1], this.width / 70)) {
        const x = this.px(v); g.beginPath(); g.moveTo(x, this.top); g.lineTo(x, this.top + this.height); g.stroke();
        g.fillText(text, x, this.top + this.height + 5);
      }
      g.textAlign = "right"; g.textBaseline = "middle";
      for (const [v, text] of ticks(this.view[2], this.view[3], this.height / 45)) {
        const y = this.py(v); g.beginPath(); g.moveTo(this.left, y); g.lineTo(this.left + this.width, y); g.stroke();
        g.fillText(text, this.left - 5, y);
      }
      g.fillStyle = color("--fg"); g.textAlign = "center"; g.textBaseline = "bottom"; g.font = "12px system-ui, Helvetica, Arial, sans-serif";
      g.fillText(this.titles[0], this.left + this.width / 2, this.outer.height - 2);
      g.save(); g.translate(12, this.top + this.height / 2); g.rotate(-Math.PI / 2); g.textBaseline = "middle"; g.fillText(this.titles[1], 0, 0); g.restore();
      g.strokeStyle = muted; g.beginPath(); g.moveTo(this.left, this.top); g.lineTo(this.left, this.top + this.height); g.lineTo(this.left + this.width, this.top + this.height); g.stroke();
    }
    drawThresholds(g) {
      const { lfc, pLine } = this.explorer;
      g.strokeStyle = color("--muted"); g.setLineDash([4, 3]); g.beginPath();
      const across = v => { g.moveTo(this.left, this.py(v)); g.lineTo(this.left + this.width, this.py(v)); };
      const down = v => { g.moveTo(this.px(v), this.top); g.lineTo(this.px(v), this.top + this.height); };
      if (this.kind === "ma") { across(-lfc); if (lfc > 0) across(lfc); }
      else { if (lfc > 0) { down(-lfc); down(lfc); } if (Number.isFinite(pLine)) across(pLine); }
      g.stroke(); g.setLineDash([]);
    }
    // Pixels of all points, and a grid of cells to find the nearest one quickly.
    index() {
      const n = this.explorer.data.n; this.sx = new Float32Array(n); this.sy = new Float32Array(n);
      this.cell = 12; this.columns = Math.ceil(this.outer.width / this.cell) + 1; this.cells = new Map();
      for (let i = 0; i < n; i++) {
        const x = this.sx[i] = this.px(this.x[i]), y = this.sy[i] = this.py(this.y[i]);
        if (!(x >= 0 && y >= 0 && x <= this.outer.width && y <= this.outer.height)) continue;
        const key = Math.floor(y / this.cell) * this.columns + Math.floor(x / this.cell);
        const list = this.cells.get(key); if (list) list.push(i); else this.cells.set(key, [i]);
      }
    }
    nearest([x, y]) {
      let best = -1, least = 100;
      const cx = Math.floor(x / this.cell), cy = Math.floor(y / this.cell);
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
        for (const i of this.cells.get((cy + dy) * this.columns + cx + dx) || []) {
          const bonus = this.explorer.data.call[i] ? 0 : 9;
          const d = (this.sx[i] - x) ** 2 + (this.sy[i] - y) ** 2 + bonus;
          if (d < least) { least = d; best = i; }
        }
      }
      return best;
    }
    drawNames(g) {
      const { data } = this.explorer, taken = []; let named = 0;
      g.font = "11px system-ui, Helvetica, Arial, sans-serif"; g.textAlign = "left"; g.textBaseline = "middle"; g.lineWidth = 3; g.lineJoin = "round";
      const { marked } = this.explorer;
      // The strongest of either direction in turn, or what is marked; no label covers the dot of another.
      const most = marked ? 40 : 16, candidates = marked ? [...marked].sort((a, b) => a - b) : this.explorer.strongest(most);
      const dots = candidates.slice(0, 2 * most).map(i => [this.sx[i] - 3, this.sy[i] - 3, this.sx[i] + 3, this.sy[i] + 3]);
      for (const i of candidates) {
        if (named >= most) break;
        const w = g.measureText(data.label(i)).width, h = 12;
        for (const [dx, dy] of [[5, 0], [-5 - w, 0], [-w / 2, -10], [-w / 2, 10], [5, -9], [5, 9], [-5 - w, -9], [-5 - w, 9]]) {
          const box = [this.sx[i] + dx, this.sy[i] + dy - h / 2, this.sx[i] + dx + w, this.sy[i] + dy + h / 2];
          if (box[0] < this.left || box[2] > this.left + this.width || box[1] < this.top || box[3] > this.top + this.height) continue;
          const hits = b => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3];
          if (taken.some(hits) || dots.some(hits)) continue;
          taken.push(box); named++;
          g.strokeStyle = color("--card"); g.strokeText(data.label(i), box[0], this.sy[i] + dy);
          g.fillStyle = color("--fg"); g.fillText(data.label(i), box[0], this.sy[i] + dy);
          break;
        }
      }
    }
    drawOver() {
      const g = this.over.getContext("2d"), { data, selected } = this.explorer;
      g.clearRect(0, 0, this.outer.width, this.outer.height);
      const ring = (i, radius) => { g.strokeStyle = color("--fg"); g.lineWidth = 1.8; g.beginPath(); g.arc(this.sx[i], this.sy[i], radius, 0, 6.2832); g.stroke(); };
      if (selected >= 0) ring(selected, 6.5);
      if (this.hovered >= 0) ring(this.hovered, 5);
      if (this.from && this.to) {
        g.fillStyle = color("--accent"); g.globalAlpha = .15;
        g.fillRect(this.from[0], this.from[1], this.to[0] - this.from[0], this.to[1] - this.from[1]); g.globalAlpha = 1;
      }
      this.tip.hidden = this.hovered < 0;
      if (this.hovered >= 0) {
        const i = this.hovered;
        this.tip.textContent = `${data.label(i)} · log2 FC ${minus(data.logFC[i].toFixed(2))} · FDR ${printP(data.fdr[i])}`;
        const x = this.sx[i], wide = this.tip.offsetWidth;
        this.tip.style.left = `${Math.max(0, Math.min(x + 10, this.outer.width - wide))}px`;
        this.tip.style.top = `${Math.max(0, this.sy[i] - 34)}px`;
      }
    }
    move(event) {
      const at = this.place(event);
      if (this.from && Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) > 6) this.to = at;
      this.hovered = this.to ? -1 : this.nearest(at);
      this.drawOver();
    }
    release(event) {
      const { from, to } = this; this.from = this.to = null;
      if (from && to) {
        const xs = [this.ix(from[0]), this.ix(to[0])].sort((a, b) => a - b), ys = [this.iy(from[1]), this.iy(to[1])].sort((a, b) => a - b);
        if (Math.abs(from[0] - to[0]) > 8 && Math.abs(from[1] - to[1]) > 8) { this.view = [...xs, ...ys]; this.draw(); return; }
      }
      const i = this.nearest(this.place(event));
      if (i >= 0) this.explorer.select(i, true);
      this.drawOver();
    }
  }

  // ---- one contrast: plots, thresholds, table ------------------------------------------------------------------
  const PAGE = 25;
  const COLUMNS = [
    ["gene", d => i => d.label(i).toLowerCase(), 1], ["identifier", d => i => d.ids[i], 1],
    ["log2 FC", d => i => d.logFC[i], -1], ["log2 CPM", d => i => d.logCPM[i], -1],
    ["P", d => i => d.log10P[i], 1], ["FDR", d => i => d.fdr[i], 1], ["call", d => i => -d.call[i], 1],
    ["called up to BCV", d => i => d.largestBcv[i], -1],
  ];
  class Explorer {
    constructor(root) {
      this.root = root;
      this.data = unpack(document.getElementById(root.dataset.explorer));
      this.fdr = this.data.fdrThreshold; this.lfc = this.data.lfcThreshold;
      this.selected = -1; this.page = 0; this.sort = [-1, 1]; this.marked = null;
      root.hidden = false;
      this.controls(); this.header(); this.classify();
      this.plots = [...root.querySelectorAll("[data-plot]")].map(node => new Scatter($(node, ".stage"), this, node.dataset.plot));
      this.refresh();
    }
    controls() {
      const { root } = this, field = name => $(root, name);
      const link = (box, slide, toSlide, fromSlide, set) => {
        const show = value => { field(box).value = value; field(slide).value = toSlide(value); };
        field(box).addEventListener("input", () => { const v = Number(field(box).value); if (field(box).value !== "" && v >= 0) { field(slide).value = toSlide(v); set(v); } });
        field(slide).addEventListener("input", () => { const v = fromSlide(Number(field(slide).value)); field(box).value = v; set(v); });
        return show;
      };
      let waiting = false;
      const change = () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => { waiting = false; this.classify(); this.page = 0; this.refresh(); });
      };
      const showFdr = link(".fdr", ".fdr-slide", v => Math.log10(Math.max(v, 1e-12)), v => Number((10 ** v).toPrecision(2)), v => { this.fdr = v; change(); });
      const showLfc = link(".lfc", ".lfc-slide", v => v, v => Number(v.toFixed(2)), v => { this.lfc = v; change(); });
      const reset = () => { this.fdr = this.data.fdrThreshold; this.lfc = this.data.lfcThreshold; showFdr(this.fdr); showLfc(this.lfc); };
      reset();
      field(".reset").addEventListener("click", () => { reset(); change(); });
      const filter = () => { this.page = 0; this.filter(); this.fill(); };
      field(".search").addEventListener("input", filter);
      field(".which").addEventListener("change", filter);
      field(".csv").addEventListener("click", () => this.csv());
      field(".unmark").addEventListener("click", () => this.mark("", null));
      const turn = step => { this.page = step; this.fill(); };
      field(".first").addEventListener("click", () => turn(0));
      field(".prev").addEventListener("click", () => turn(this.page - 1));
      field(".next").addEventListener("click", () => turn(this.page + 1));
      field(".last").addEventListener("click", () => turn(Infinity));
    }
    header() {
      const row = make("tr");
      COLUMNS.forEach(([title, , direction], column) => {
        if (column === 7 && !this.data.largestBcv) return;
        const cell = make("th", { scope: "col", class: column >= 2 && column !== 6 ? "num" : "" },
          make("button", { type: "button", class: "sort", text: column === 3 ? this.data.abundance : title, onclick: () => {
            this.sort = this.sort[0] === column ? [column, -this.sort[1]] : [column, direction];
            this.page = 0; this.filter(); this.fill();
          } }));
        row.append(cell);
      });
      $(this.root, ".genes thead").append(row);
    }
    // Called genes to name: up and down in turn, the most significant first.
    strongest(most) {
      const { data } = this, up = [], down = [], out = [];
      for (let i = 0; i < data.n && (up.length < 2 * most || down.length < 2 * most); i++) {
        if (data.call[i] > 0 && up.length < 2 * most) up.push(i); else if (data.call[i] < 0 && down.length < 2 * most) down.push(i);
      }
      for (let k = 0; k < 2 * most; k++) { if (k < up.length) out.push(up[k]); if (k < down.length) out.push(down[k]); }
      return out;
    }
    // The same rule as the program's: FDR (or P, where that calls) below, |log2 FC| at or above.
    classify() {
      const { data } = this; let up = 0, down = 0, line = Infinity;
      for (let i = 0; i < data.n; i++) {
        const passes = (data.callBy === "P" ? 10 ** data.log10P[i] : data.fdr[i]) < this.fdr, called = passes && Math.abs(data.logFC[i]) >= this.lfc;
        data.call[i] = called ? (data.logFC[i] > 0 ? 1 : -1) : 0;
        if (data.call[i] > 0) up++; else if (data.call[i] < 0) down++;
        if (passes && -data.log10P[i] < line) line = -data.log10P[i];
      }
      this.pLine = line;
      $(this.root, ".n-up").textContent = `${digits(up)} up`;
      $(this.root, ".n-down").textContent = `${digits(down)} down`;
      $(this.root, ".n-ns").textContent = `${digits(data.n - up - down)} not significant`;
    }
    filter() {
      const { data } = this, wanted = $(this.root, ".search").value.trim().toLowerCase(), which = $(this.root, ".which").value;
      const keep = { all: () => true, sig: c => c !== 0, up: c => c > 0, down: c => c < 0 }[which];
      this.rows = [];
      for (let i = 0; i < data.n; i++) {
        if (!keep(data.call[i]) || (this.marked && !this.marked.has(i))) continue;
        if (wanted && !data.names[i].toLowerCase().includes(wanted) && !data.ids[i].toLowerCase().includes(wanted)) continue;
        this.rows.push(i);
      }
      const [column, direction] = this.sort;
      if (column >= 0) {
        const key = COLUMNS[column][1](data), keys = new Map(this.rows.map(i => [i, key(i)]));
        this.rows.sort((a, b) => { const x = keys.get(a), y = keys.get(b); return (x < y ? -1 : x > y ? 1 : 0) * direction || a - b; });
      }
      this.root.querySelectorAll(".genes thead th").forEach((cell, i) => {
        if (i === column) cell.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending"); else cell.removeAttribute("aria-sort");
      });
    }
    fill() {
      const { data } = this, pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
      this.page = Math.min(Math.max(this.page, 0), pages - 1);
      const body = document.createDocumentFragment(), from = this.page * PAGE;
      for (const i of this.rows.slice(from, from + PAGE)) {
        const word = ["down", "ns", "up"][data.call[i] + 1];
        const row = make("tr", { class: i === this.selected ? "chosen" : "", tabindex: "0", onclick: () => this.select(i, false),
          onkeydown: e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); this.select(i, false); } } },
          make("th", { scope: "row", text: data.label(i) }), make("td", { class: "mono", text: data.ids[i] }),
          make("td", { class: "num", text: minus(data.logFC[i].toFixed(3)) }), make("td", { class: "num", text: minus(data.logCPM[i].toFixed(2)) }),
          make("td", { class: "num", text: printLogP(data.log10P[i]) }), make("td", { class: "num", text: printP(data.fdr[i]) }),
          make("td", { class: `call-${word}`, text: word }));
        if (data.largestBcv) row.append(make("td", { class: "num", text: printBcv(data.largestBcv[i]) }));
        body.append(row);
      }
      $(this.root, ".genes tbody").replaceChildren(body);
      const last = Math.min(from + PAGE, this.rows.length);
      $(this.root, ".where").textContent = this.rows.length ? `${digits(from + 1)}–${digits(last)} of ${digits(this.rows.length)}` : "no gene matches";
      $(this.root, ".first").disabled = $(this.root, ".prev").disabled = this.page === 0;
      $(this.root, ".last").disabled = $(this.root, ".next").disabled = this.page === pages - 1;
    }
    // Shows only these genes in the table, and points them out in the plots; without genes, all are shown again.
    mark(label, genes) {
      const box = $(this.root, ".marked");
      if (!this.places) {
        this.places = new Map();
        for (let i = this.data.n - 1; i >= 0; i--) { this.places.set(this.data.names[i], i); this.places.set(this.data.ids[i], i); }
      }
      this.marked = genes && new Set(genes.map(gene => this.places.get(gene)).filter(i => i !== undefined));
      box.hidden = !this.marked;
      if (this.marked) $(box, "span").textContent = `${label}: ${digits(this.marked.size)} tested genes of ${digits(genes.length)} pointed out.`;
      $(this.root, ".search").value = ""; $(this.root, ".which").value = "all"; this.page = 0;
      this.refresh();
      if (this.marked) this.root.scrollIntoView({ block: "start" });
    }
    refresh() { this.filter(); this.fill(); this.plots.forEach(plot => plot.draw()); if (this.selected >= 0) this.detail(); }
    select(i, turnTo) {
      this.selected = i;
      if (turnTo) {
        let place = this.rows.indexOf(i);
        if (place < 0) { $(this.root, ".search").value = ""; $(this.root, ".which").value = "all"; this.filter(); place = this.rows.indexOf(i); }
        this.page = Math.floor(place / PAGE);
      }
      this.fill(); this.detail(); this.plots.forEach(plot => plot.drawOver());
    }
    detail() {
      const { data, selected: i } = this, box = $(this.root, ".selected");
      const word = ["lower", "not significant", "higher"][data.call[i] + 1];
      const text = make("div", {}, make("h4", { text: data.label(i) }), make("p", { class: "mono", text: data.ids[i] }),
        make("p", { text: `log2 FC ${minus(data.logFC[i].toFixed(3))} (${word}${data.call[i] ? ` in ${data.target}` : ""}) · ${data.abundance} ${minus(data.logCPM[i].toFixed(2))} · P ${printLogP(data.log10P[i])} · FDR ${printP(data.fdr[i])}` }));
      box.hidden = false;
      box.replaceChildren(text);
      const x = data.expression;
      if (x && i < x.genes) {
        box.append(this.dots(i));
        if (x.samples.length < x.of) box.append(make("p", { class: "quiet", text: `${digits(x.samples.length)} of ${digits(x.of)} samples are drawn, evenly taken from every group.` }));
      } else if (x) box.append(make("p", { class: "quiet", text: `Values of single samples are in this page for the ${digits(x.genes)} genes at the top of the table; those of the others are in expression/log_cpm.tsv.` }));
    }
    // Expression of one gene in every sample, group by group.
    dots(i) {
      const e = data => data.expression, x = e(this.data), width = Math.max(260, 90 * Math.max(1, x.groups.length) + 60), height = 170;
      const values = x.samples.map((_, s) => { const v = x.steps[i * x.samples.length + s]; return v === 65535 ? NaN : x.low + v * x.step; });
      const [low, high] = extent(values, 0.12), ns = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(ns, "svg");
      const add = (tag, attributes, text) => { const n = document.createElementNS(ns, tag); for (const [k, v] of Object.entries(attributes)) n.setAttribute(k, v); if (text !== undefined) n.textContent = text; svg.append(n); return n; };
      for (const [k, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${this.data.label(i)} per sample, ${x.unit}`, "font-size": 11, "font-family": "system-ui, sans-serif" })) svg.setAttribute(k, v);
      const y = v => 10 + (high - v) / (high - low) * (height - 40), left = 48, fg = color("--muted");
      for (const [v, t] of ticks(low, high, 4)) { add("line", { x1: left, x2: width - 6, y1: y(v), y2: y(v), stroke: color("--line") }); add("text", { x: left - 5, y: y(v) + 4, "text-anchor": "end", fill: fg }, t); }
      add("text", { x: 12, y: height / 2 - 10, transform: `rotate(-90 12 ${height / 2 - 10})`, "text-anchor": "middle", fill: fg }, x.unit);
      const inks = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b5b95"], count = x.groups.map(() => 0), groups = Math.max(1, x.groups.length);
      const total = x.groups.map((_, group) => x.samples.filter(s => s.group === group).length);
      x.groups.forEach((name, group) => add("text", { x: left + (group + .5) * (width - left - 6) / groups, y: height - 10, "text-anchor": "middle", fill: fg }, name.length > 14 ? name.slice(0, 13) + "…" : name));
      x.samples.forEach((sample, s) => {
        if (Number.isNaN(values[s])) return;
        const group = sample.group ?? 0, spread = Math.min(40, 10 * total[group] || 0);
        const shift = total[group] > 1 ? (count[group]++ / (total[group] - 1) - .5) * spread : 0;
        const dot = add("circle", { cx: left + (group + .5) * (width - left - 6) / groups + shift, cy: y(values[s]), r: 5, fill: inks[group % inks.length], "fill-opacity": .9 });
        const title = document.createElementNS(ns, "title"); title.textContent = `${sample.name}: ${values[s].toFixed(2)} ${x.unit}`; dot.append(title);
      });
      return svg;
    }
    csv() {
      const { data } = this, cell = text => quoted(defused(text));
      const number = v => (Number.isNaN(v) ? "NA" : String(v));
      const exact = log10 => { const p = 10 ** log10; return p > 1e-290 ? String(Number(p.toPrecision(12))) : printLogP(log10); };
      const lines = [`gene_id,gene_name,logFC,${data.abundance === "log2 CPM" ? "logCPM" : "AveExpr"},PValue,FDR,direction` + (data.largestBcv ? ",largest_bcv" : "")];
      for (const i of this.rows) {
        lines.push([cell(data.ids[i]), cell(data.names[i]), number(data.logFC[i]), number(Number(data.logCPM[i].toPrecision(7))), exact(data.log10P[i]), number(data.fdr[i]), ["down", "ns", "up"][data.call[i] + 1], ...(data.largestBcv ? [data.largestBcv[i] > 0 ? printBcv(data.largestBcv[i]) : "NA"] : [])].join(","));
      }
      save(`${data.id}.${data.callBy.toLowerCase()}${this.fdr}.lfc${this.lfc}.csv`, "text/csv", lines.join("\n") + "\n");
    }
  }

  // ---- plain tables: sort by a click on the heading ------------------------------------------------------------
  function sortable(table) {
    const number = text => { const v = Number.parseFloat(text.replaceAll(",", "").replace("−", "-").replace("< ", "")); return Number.isNaN(v) ? Infinity : v; };
    table.querySelectorAll("thead th").forEach((cell, column) => {
      if (!cell.textContent) return;
      const numeric = cell.classList.contains("num"), button = make("button", { type: "button", class: "sort", text: cell.textContent });
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = cell.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
        const key = row => { const text = row.cells[column]?.textContent ?? ""; return numeric ? number(text) : text.toLowerCase(); };
        const rows = [...body.rows].map(row => [key(row), row]);
        rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1));
        table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", up ? "ascending" : "descending");
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  // ---- start ---------------------------------------------------------------------------------------------------
  const explorers = [...document.querySelectorAll("[data-explorer]")].map(node => new Explorer(node));
  document.querySelectorAll("button[data-save-svg]").forEach(button => { button.hidden = false; });
  document.querySelectorAll("table[data-sortable]").forEach(sortable);
  if (explorers.length) document.querySelectorAll("button[data-mark]").forEach(button => { button.hidden = false; });
  const redraw = () => explorers.forEach(explorer => explorer.refresh());
  const theme = document.getElementById("theme"), print = document.getElementById("print"), remembered = "alkaline-theme";
  const store = value => { try { localStorage.setItem(remembered, value); } catch { /* a file opened from disk may have no storage */ } };
  try { const old = localStorage.getItem(remembered); if (old) document.documentElement.dataset.theme = old; } catch { /* as above */ }
  theme.hidden = print.hidden = false;
  theme.addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
    document.documentElement.dataset.theme = dark ? "light" : "dark"; store(dark ? "light" : "dark"); redraw();
  });
  print.addEventListener("click", () => window.print());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.folded").forEach(node => { if (node.querySelector("figure")) node.open = true; }));
  document.documentElement.dataset.ready = "yes";
})();
