import * as z from 'zod/mini';
import { ROLE_CHAINING_MAX_SECONDS, SESSION_MIN_SECONDS, USER_MAX_SECONDS } from '../grant/durations.ts';
import { METHODS, WEB_IDENTITY_TOKENS } from '../grant/method.ts';
import { TAG_KEY } from '../grant/session-tags.ts';
import { SENDER_CONSTRAINTS } from '../issuer/issuer.ts';
import { NAME } from '../name.ts';
import { wellFormed } from '../text.ts';

/**
 * Far more than 2048 characters of session policy have room for. A tenant's own profiles come from outside, and what is
 * let through here is read several times.
 */
const TEXT_MAX_LENGTH = 1024;
/** Compared with its pattern while the profile is read, which takes longer the longer it is. */
const EXAMPLE_MAX_LENGTH = 64;
const LIST_MAX = 50;
const STATEMENTS_MAX = 20;
/** Tags, scope parameters and conditions. */
const MEMBERS_MAX = 20;
/** Each is one more call of STS when a session is too large. */
const DROPPABLE_MAX = 3;

const name = z.string().check(z.regex(NAME, 'not a name of letters, digits and hyphens'));
const anyText = z.string().check(z.maxLength(TEXT_MAX_LENGTH), wellFormed);
const text = anyText.check(z.minLength(1));
const strings = z.union([text, z.array(text).check(z.minLength(1), z.maxLength(LIST_MAX))]);
// Empty is a value that a key can have: `s3:prefix` of a request for the whole bucket.
const values = z.union([anyText, z.array(anyText).check(z.minLength(1), z.maxLength(LIST_MAX))]);
const hasFewMembers = z.refine<object>(
  (members) => Object.keys(members).length <= MEMBERS_MAX,
  `expected at most ${MEMBERS_MAX} members`,
);
const duration = z._default(
  z.int().check(z.minimum(SESSION_MIN_SECONDS), z.maximum(USER_MAX_SECONDS)),
  ROLE_CHAINING_MAX_SECONDS,
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATOR =
  /^(?:(?:(?:ForAllValues|ForAnyValue):)?(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?|Null)$/;
const operator = z.string().check(z.regex(OPERATOR, 'not a condition operator of IAM'));
const conditionKey = text.check(z.regex(/^[\w-]+:[\w:/.+=@-]+$/, 'not a condition key'));
const action = text.check(
  z.regex(/^(?:\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/, 'not an action such as s3:GetObject'),
);
/** Keys compare without case in IAM, and an operator without keys says nothing: both would be lost without a word. */
const conditionKeys = z.record(conditionKey, values).check(
  z.refine((keys) => Object.keys(keys).length > 0, 'expected at least one condition key'),
  z.refine(
    (keys) => new Set(Object.keys(keys).map((key) => key.toLowerCase())).size === Object.keys(keys).length,
    'got a condition key twice, case apart',
  ),
  hasFewMembers,
);

// Strict: NotAction, NotResource and NotPrincipal are unknown members here, and so is every misspelling.
const statement = z.strictObject({
  Sid: z.optional(text.check(z.regex(/^[a-zA-Z0-9]+$/, 'not letters and digits'))),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([action, z.array(action).check(z.minLength(1), z.maxLength(LIST_MAX))]),
  Resource: strings,
  Condition: z.optional(z.record(operator, conditionKeys).check(hasFewMembers)),
});

/** The shape of a profile as it is written; what its texts may hold is checked by `parseProfile`. */
export const profileDefinition = z.strictObject({
  name,
  description: text,
  /** How sessions are made: functions/core/grant/method.ts. */
  method: z._default(z.enum(METHODS), 'assumeRole'),
  /** With the method `webIdentity`: whose token STS is given. Left out, one that Latchkey signs. */
  webIdentityToken: z.optional(z.enum(WEB_IDENTITY_TOKENS)),
  /** The role that sessions are made from; not with `federationToken` and `sessionToken`. */
  roleArn: z.optional(text),
  /** The IAM user whose long-term keys ask STS; of `sessionToken` and with MFA the tenant's own: `…:user/…/{{tenant.id}}`. */
  userArn: z.optional(text),
  /** Whether the caller must bring a code of an MFA device of that user: with `assumeRole` and `sessionToken`. */
  mfa: z._default(z.enum(['none', 'required']), 'none'),
  /** ARNs of context providers whose assertions callers may pass on to AssumeRole. */
  contextProviders: z._default(z.array(text).check(z.maxLength(5)), []),
  policy: z.strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.array(statement).check(z.minLength(1), z.maxLength(STATEMENTS_MAX)),
  }),
  policyArns: z._default(
    z.array(z.strictObject({ arn: text, boundedBecause: text })).check(z.maxLength(10)),
    [],
  ),
  tags: z._default(
    z.record(z.string().check(z.regex(TAG_KEY, 'not a tag key')), text).check(hasFewMembers),
    {},
  ),
  transitiveTagKeys: z._default(z.array(text).check(z.maxLength(LIST_MAX)), []),
  /** Tags that a session can do without, in the order in which they are dropped when STS finds it too large. */
  droppableTags: z._default(z.array(text).check(z.maxLength(DROPPABLE_MAX)), []),
  sourceIdentity: z._default(z.boolean(), true),
  durationSeconds: z.prefault(z.strictObject({ default: duration, maximum: duration }), {}),
  scope: z._default(
    z
      .record(
        name,
        z.strictObject({
          description: text,
          pattern: text,
          optional: z._default(z.boolean(), false),
          example: z.optional(text.check(z.maxLength(EXAMPLE_MAX_LENGTH))),
        }),
      )
      .check(hasFewMembers),
    {},
  ),
  requiredScopes: z._default(z.array(text).check(z.maxLength(LIST_MAX)), []),
  senderConstraint: z._default(z.enum(SENDER_CONSTRAINTS), 'optional'),
});

/**
 * A profile as it is written in profiles/: plain data. Texts may hold placeholders: `{{resources.x}}` anywhere,
 * `{{tenant.id}}` and `{{tenant.attributes.x}}` in Resources, condition values and tags, `{{scope.x}}` behind
 * `{{tenant.id}}` in an Allow. What a managed policy opens cannot be seen from here, so whoever adds one to
 * `policyArns` says what bounds it to the tenant (`boundedBecause`).
 *
 * A scope parameter may have an `example`, a value of its pattern: verifications vend with it. One that is required and in
 * a form of its own needs it, since a tenant is not verified while no request for the profile can be made up.
 */
export type ProfileDefinition = z.input<typeof profileDefinition>;
