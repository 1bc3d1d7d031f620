import type { VendingFunction } from './grant/method.ts';

/** The routes of the tenants' API that several places name: those that vend by their functions, and others. */
export const ROUTES = {
  vend: '/credentials',
  saml: '/credentials/saml',
  'iam-user': '/credentials/iam-user',
  consoleSession: '/console-session',
  whoami: '/whoami',
  decode: '/authorization-messages/decode',
} as const satisfies Readonly<Record<VendingFunction, string>> & Readonly<Record<string, string>>;
