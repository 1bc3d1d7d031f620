/** What API Gateway says of a request, as far as it is used; nothing on a developer's machine. */
export interface RequestContext {
  readonly extendedRequestId?: string;
  /** The name that the caller asked for, and the path as it wrote it, with the stage or the base path. */
  readonly domainName?: string;
  readonly path?: string;
  /** With mutual TLS on a domain of the company's own. */
  readonly identity?: { readonly clientCert?: { readonly clientCertPem?: string } | null };
}

/** The URL that the caller wrote, without query and fragment: what a DPoP proof names as `htu` (RFC 9449, 4.2). */
export function urlAsWritten(url: string, context: RequestContext | undefined): string {
  if (context?.domainName === undefined || context.path === undefined) return url.replace(/[?#].*$/s, '');
  return `https://${context.domainName}${context.path}`;
}

/** Only what can stand in a URL's host and stage, so that it can stand in a header as well. */
const API_URL = /^https?:\/\/[\w.:[\]-]+(?:\/[\w.~-]+)*$/;

/**
 * Where the API itself is, as the caller wrote it: the URL of a request without its route. With the stage, or the base path
 * of a domain of the company's own. Undefined if the URL does not end in the route.
 */
export function apiUrl(urlAsWritten: string, route: string): string | undefined {
  if (!urlAsWritten.endsWith(route)) return undefined;
  const url = urlAsWritten.slice(0, -route.length);
  return API_URL.test(url) ? url : undefined;
}
