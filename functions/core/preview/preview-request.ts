import * as z from 'zod/mini';
import { NAME } from '../name.ts';
import { parse } from '../parse.ts';

const name = z.string().check(z.regex(NAME, 'not a name of letters, digits and hyphens'));
const text = z.string().check(z.minLength(1), z.maxLength(256));
const contextKey = z
  .string()
  .check(z.regex(/^[\w-]+:[\w:/.+=@-]+$/, 'not a condition key'), z.maxLength(256));
const contextText = z.string().check(z.maxLength(1024));
const context = z
  .record(contextKey, z.union([contextText, z.array(contextText).check(z.maxLength(50))]))
  .check(
    z.refine(
      (keys) => new Set(Object.keys(keys).map((key) => key.toLowerCase())).size === Object.keys(keys).length,
      'got a condition key twice, case apart',
    ),
    z.describe(
      'condition keys of the request: a text, a list where a key has several values, [] where it is absent',
    ),
  );

const request = z.strictObject({
  action: z.string().check(z.regex(/^[a-zA-Z0-9-]+:[a-zA-Z0-9]+$/, 'not one action such as s3:GetObject')),
  resource: z
    .string()
    .check(z.regex(/^(?:\*|arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+)$/, 'not the ARN of one resource, or * for none'))
    .check(z.maxLength(2048)),
  context: z._default(context, {}),
});

/** Body of `POST /tenants/{tenantId}/preview`; all of it may be left out. */
export const previewRequest = z
  .strictObject({
    profile: z.optional(
      name.check(z.describe("default: that of profileDefinition, else the tenant's default profile")),
    ),
    scope: z.optional(z.record(name, z.string().check(z.maxLength(256)))),
    durationSeconds: z.optional(z.int()),
    claims: z.optional(
      z.strictObject({
        issuer: z.optional(text.check(z.describe("default: the tenant's first issuer"))),
        subject: z.optional(text),
        scopes: z.optional(
          z.array(text).check(z.maxLength(100), z.describe('default: those that the profile demands')),
        ),
      }),
    ),
    requests: z._default(z.array(request).check(z.maxLength(100)), []),
    profileDefinition: z.optional(
      z.looseObject({ name }).check(z.describe('a profile to try instead of the deployed one of its name')),
    ),
    diff: z._default(
      z.boolean().check(z.describe('compare profileDefinition with the deployed profile of its name')),
      false,
    ),
  })
  .check(agreesWithItself, z.meta({ id: 'PreviewRequest' }));

/** What a preview is asked with: members with a default may be left out. */
export type PreviewRequestInput = z.input<typeof previewRequest>;

/** What a preview is asked with, parsed. */
export type PreviewRequest = z.output<typeof previewRequest>;

/** The request in a body; throws `ConfigurationError` naming every member that is wrong. */
export function parsePreviewRequest(body: unknown): PreviewRequest {
  return parse(previewRequest, body, 'preview');
}

interface Refinement {
  readonly value: Pick<PreviewRequest, 'profile' | 'profileDefinition' | 'diff'>;
  readonly issues: z.core.$ZodRawIssue[];
}

function agreesWithItself({ value, issues }: Refinement): void {
  const { profile, profileDefinition, diff } = value;
  const fault = (path: PropertyKey[], message: string) =>
    issues.push({ code: 'custom', path, message, input: value });
  if (diff && profileDefinition === undefined)
    fault(['diff'], 'got no profileDefinition, expected one to compare with what is deployed');
  if (profile !== undefined && profileDefinition !== undefined && profile !== profileDefinition.name)
    fault(['profile'], 'got another name than that of profileDefinition, expected the same or none');
}
