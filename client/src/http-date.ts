/** RFC 9110, 5.6.7: the one form that senders may use. `Date.parse` alone takes `5` for a year. */
const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The time in a Date or Retry-After header, in milliseconds since 1970; undefined if it is none. */
export function parseHttpDate(header: string | null): number | undefined {
  if (header === null || !IMF_FIXDATE.test(header)) return undefined;
  const milliseconds = Date.parse(header);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
