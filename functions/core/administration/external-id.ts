import { randomBytes } from 'node:crypto';

/**
 * A new external id: 256 random bits in base64url, 43 characters. What is made here nobody has chosen, so that no tenant
 * can have Latchkey speak another's. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function createExternalId(): string {
  return randomBytes(32).toString('base64url');
}
