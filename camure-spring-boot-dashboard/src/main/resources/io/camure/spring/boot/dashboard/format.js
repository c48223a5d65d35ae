/** How numbers, durations and changes between two readings are shown. */

function duration(micros) {
  if (micros == null) {
    return '–';
  }
  if (micros < 1000) {
    return `${Math.round(micros)} µs`;
  }
  const millis = micros / 1000;
  if (millis < 1000) {
    return `${Number(millis.toFixed(millis < 10 ? 2 : millis < 100 ? 1 : 0))} ms`;
  }
  const seconds = millis / 1000;
  return seconds < 120 ? `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s` : `${Math.round(seconds / 60)} min`;
}

function age(millis) {
  return duration(millis * 1000);
}

function number(value) {
  if (value == null) {
    return '–';
  }
  if (value >= 1e6) {
    return `${(value / 1e6).toFixed(1)} M`;
  }
  if (value >= 1e4) {
    return `${(value / 1e3).toFixed(1)} k`;
  }
  return value < 10 && value % 1 ? value.toFixed(1) : String(Math.round(value));
}

function bytes(value) {
  if (value == null) {
    return '–';
  }
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** What was read so far, as much as charts show. */
const history = {
  size: 120,
  last: new Map(),
  points: new Map(),

  /** How much a count grows in a second; nothing at its first reading, or when it has begun anew. */
  rate(key, count, seconds) {
    const before = this.last.get(key);
    this.last.set(key, {count, seconds});
    if (!before || count < before.count || seconds <= before.seconds) {
      return null;
    }
    return (count - before.count) / (seconds - before.seconds);
  },

  add(key, values) {
    const points = this.points.get(key) ?? [];
    points.push(values);
    if (points.length > this.size) {
      points.shift();
    }
    this.points.set(key, points);
    return points;
  },
};
