/** How far a request's time may lie from the service's, either way. */
const MAX_SKEW_MINUTES = 15;

/** Parses `YYYYMMDDTHHMMSSZ`, the one form of time that a signature is made with; undefined when it is anything else. */
export function parseTimestamp(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** AWS's text for a request signed more than 15 minutes before or after `now`; undefined within them. */
export function describeSkew(signedAt: Date, now: Date): string | undefined {
  const earliest = addMinutes(now, -MAX_SKEW_MINUTES);
  const latest = addMinutes(now, MAX_SKEW_MINUTES);
  const [at, present] = [formatTimestamp(signedAt), formatTimestamp(now)];
  if (signedAt < earliest) {
    return `Signature expired: ${at} is now earlier than ${formatTimestamp(earliest)} (${present} - ${MAX_SKEW_MINUTES} min.)`;
  }
  if (signedAt > latest) {
    return `Signature not yet current: ${at} is still later than ${formatTimestamp(latest)} (${present} + ${MAX_SKEW_MINUTES} min.)`;
  }
  return undefined;
}

function formatTimestamp(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

function addMinutes(date: Date, minutes: number): Date {
  return new Date(date.getTime() + minutes * 60_000);
}
