/** Times as people read and hear them. */

/** "1:02.4", "1:00:05.0"; as many decimals as asked for. */
export function clock(seconds: number, decimals = 1): string {
  const scale = 10 ** decimals;
  // Cut, not rounded: a clock that shows 0:10 has reached it.
  const whole = Math.floor(Math.max(seconds, 0) * scale + 1e-6) / scale;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = (whole % 60).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** "1 minute 2.4 seconds", for screen readers. */
export function spoken(seconds: number): string {
  const tenths = Math.round(Math.max(seconds, 0) * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = (tenths % 600) / 10;
  const tail = `${rest} ${rest === 1 ? "second" : "seconds"}`;
  return minutes === 0 ? tail : `${minutes} ${minutes === 1 ? "minute" : "minutes"} ${tail}`;
}

/** "1×", "0.75×". */
export function speedText(speed: number): string {
  return `${Number(speed.toFixed(2))}×`;
}

/** A linear gain in decibels, "−2.3 dB". */
export function decibels(gain: number): string {
  const db = 20 * Math.log10(Math.max(gain, 1e-6));
  return `${db < -0.05 ? "\u2212" : db > 0.05 ? "+" : ""}${Math.abs(db).toFixed(1)} dB`;
}
