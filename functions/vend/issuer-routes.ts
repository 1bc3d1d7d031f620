import type { Context, Hono } from 'hono';
import type { Env } from '../api/frame.ts';
import { startDeadline } from '../core/deadline.ts';
import {
  DISCOVERY_PATH,
  KEY_SET_PATH,
  type PublishedDocument,
} from '../core/self-issued/issuer-documents.ts';
import type { TokenIssuer } from '../core/self-issued/token-issuer.ts';

/** AWS waits five seconds for an issuer. https://repost.aws/knowledge-center/iam-sts-invalididentitytoken */
const KEY_SET_MILLISECONDS = 3000;
/** Who rotates keys publishes the new one first, and lets it sign when everybody has read it. */
const CACHE_CONTROL = 'public, max-age=300';

/** Latchkey as an OpenID issuer, for AWS to verify its tokens. Without one there are no such routes. */
export function addIssuerRoutes(app: Hono<Env>, issuer: TokenIssuer | undefined): void {
  if (issuer === undefined) return;
  app.get(DISCOVERY_PATH, (c) => published(c, issuer.discovery));
  app.get(KEY_SET_PATH, async (c) => published(c, await issuer.keySet(startDeadline(KEY_SET_MILLISECONDS))));
}

/** Nothing in it is secret, and everybody may remember it: the one answer here that is not `no-store`. */
function published(c: Context<Env>, { body, etag }: PublishedDocument): Response {
  c.header('Cache-Control', CACHE_CONTROL);
  c.header('ETag', etag);
  if (isKnown(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
  c.header('Content-Type', 'application/json');
  return c.body(body);
}

/** Compared weakly (RFC 9110, 13.1.2). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}
