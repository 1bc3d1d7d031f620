import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { parseEnvelope } from '../../../functions/onboarding/envelope.ts';
import { readOnboardingEnvironment } from '../../../functions/onboarding/environment.ts';
import { parseEvent } from '../../../functions/onboarding/parse-event.ts';
import { eventOf } from './sample-event.ts';

const TENANT_ID = '3f0c4d6e-2b1a-4e0f-9a3d-7c5b8e6f1a2d';
/** As @cdklabs/sbt-aws v0.9.4 puts it together: what was registered, and the ids. */
const DETAIL = {
  tenantId: TENANT_ID,
  tenantName: 'Acme GmbH',
  email: 'admin@acme.example',
  tier: 'gold',
  prices: [{ id: 'p' }],
  tenantRegistrationId: '9d1e3b5a-0c2f-4a6b-8e7d-1f2a3b4c5d6e',
};
const TEMPLATE = {
  claims: [{ issuer: 'https://issuer.example', value: '{{tenantId}}' }],
  attributes: { plan: '{{detail.tier}}', region: 'eu' },
  profiles: ['app'],
  defaultProfile: 'app',
};

const read = (template: unknown) =>
  readOnboardingEnvironment({ LATCHKEY_SBT_TENANT: JSON.stringify(template) }).sbtTenant;
const event = (type: string, detail: object) =>
  parseEnvelope(JSON.stringify(eventOf(type, detail, { source: 'sbt.control.plane' })));
const parse = (type: string, detail: object, template: unknown = TEMPLATE) =>
  parseEvent(event(type, detail), read(template));

const facts = {
  eventId: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  tenantId: TENANT_ID,
  version: Date.parse('2026-11-22T10:00:00Z'),
};

test('an onboarding makes a tenant by the template', () => {
  expect(parse('sbt_aws_onboardingRequest', DETAIL)).toMatchObject({
    ...facts,
    kind: 'onboard',
    definition: {
      displayName: 'Acme GmbH',
      claims: [{ issuer: 'https://issuer.example', value: TENANT_ID }],
      attributes: { plan: 'gold', region: 'eu' },
      profiles: ['app'],
    },
  });
});

test('an offboarding is one', () => {
  const detail = { ...DETAIL, sbtaws_active: false };
  expect(parse('sbt_aws_offboardingRequest', detail)).toEqual({ ...facts, kind: 'offboard' });
});

test.each<[string, object, object, string]>([
  ['the tenant name', {}, {}, 'Acme GmbH'],
  ['the id where there is no name', {}, { tenantName: undefined }, TENANT_ID],
  ['what the template says', { displayName: '{{detail.tier}}: {{tenantId}}' }, {}, `gold: ${TENANT_ID}`],
])('it is displayed by %s', (_, template, detail, displayName) => {
  const parsed = parse('sbt_aws_onboardingRequest', { ...DETAIL, ...detail }, { ...TEMPLATE, ...template });
  expect(parsed).toMatchObject({ definition: { displayName } });
});

test('placeholders of the event are not taken for the template’s', () => {
  const parsed = parse('sbt_aws_onboardingRequest', { ...DETAIL, tier: '{{tenantId}}' });
  expect(parsed).toMatchObject({ definition: { attributes: { plan: '{{tenantId}}' } } });
});

describe('is refused:', () => {
  test.each<[string, string, object, string]>([
    ['no tenant id', 'sbt_aws_offboardingRequest', { tenantId: undefined }, 'tenantId'],
    [
      'a tenant id in upper case',
      'sbt_aws_onboardingRequest',
      { tenantId: TENANT_ID.toUpperCase() },
      'tenantId',
    ],
    ['a member that the template quotes', 'sbt_aws_onboardingRequest', { tier: undefined }, 'detail.tier'],
    ['one that is no text', 'sbt_aws_onboardingRequest', { tier: { a: 1 } }, 'detail.tier'],
    ['a name that is too long', 'sbt_aws_onboardingRequest', { tenantName: 'x'.repeat(257) }, 'displayName'],
    ['an event that is not followed', 'sbt_aws_provisionSuccess', {}, 'detail-type'],
    ['an event of before v0.9.0', 'onboardingRequest', {}, 'detail-type'],
  ])('%s', (_, type, detail, place) => {
    const work = () => parse(type, { ...DETAIL, ...detail });
    expect(work).toThrow(ConfigurationError);
    expect(work).toThrow(place);
  });
});

describe('the environment', () => {
  test('without a template follows nothing of the toolkit', () => {
    expect(readOnboardingEnvironment({}).sbtTenant).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['no JSON', '{', 'not JSON'],
    ['an empty text', '', 'not JSON'],
    ['a list', '[]', 'tenant'],
    ['no profiles', JSON.stringify({ ...TEMPLATE, profiles: [] }), 'profiles'],
    ['an unknown member', JSON.stringify({ ...TEMPLATE, status: 'active' }), 'status'],
    ['an unknown placeholder', JSON.stringify({ ...TEMPLATE, displayName: '{{tenant}}' }), '{{tenant}}'],
    ['stray braces', JSON.stringify({ ...TEMPLATE, displayName: '{{detail.tier' }), 'braces'],
    [
      'a claim that the registration chooses',
      JSON.stringify({ ...TEMPLATE, claims: [{ issuer: 'https://i', value: '{{detail.email}}' }] }),
      '{{detail.email}}',
    ],
    [
      'a profile that it chooses',
      JSON.stringify({ ...TEMPLATE, profiles: ['{{detail.tier}}'] }),
      '{{detail.tier}}',
    ],
  ])('refuses %s', (_, LATCHKEY_SBT_TENANT, place) => {
    const work = () => readOnboardingEnvironment({ LATCHKEY_SBT_TENANT });
    expect(work).toThrow(ConfigurationError);
    expect(work).toThrow('LATCHKEY_SBT_TENANT');
    expect(work).toThrow(place);
  });
});
