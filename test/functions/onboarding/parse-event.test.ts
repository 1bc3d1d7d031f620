import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { parseTenantDefinition } from '../../../functions/core/tenant/tenant-definition.ts';
import { parseEnvelope } from '../../../functions/onboarding/envelope.ts';
import { parseEvent } from '../../../functions/onboarding/parse-event.ts';
import { DEFINITION, eventOf } from './sample-event.ts';

const parse = (event: unknown) =>
  parseEvent(parseEnvelope(typeof event === 'string' ? event : JSON.stringify(event)), undefined);
const about = { tenantId: 'acme', version: 7 };
const facts = { ...about, eventId: '6a7e8feb-b491-4cf7-a9f1-bf3703467718' };
const definition = parseTenantDefinition(DEFINITION);

test.each<[string, object, object]>([
  ['TenantOnboardingRequested', { tenant: DEFINITION }, { kind: 'onboard', definition }],
  ['TenantUpdated', { tenant: DEFINITION }, { kind: 'update', definition }],
  ['TenantSuspended', {}, { kind: 'suspend', revokeSessions: false }],
  ['TenantSuspended', { revokeSessions: true }, { kind: 'suspend', revokeSessions: true }],
  ['TenantResumed', {}, { kind: 'resume' }],
  ['TenantOffboarded', {}, { kind: 'offboard' }],
  ['TenantOffboarded', { version: 0 }, { kind: 'offboard', version: 0 }],
])('%s with %o', (type, more, expected) => {
  expect(parse(eventOf(type, { ...about, ...more }))).toEqual({ ...facts, ...expected });
});

test('members that EventBridge adds to its envelope are let by', () => {
  const event = eventOf('TenantResumed', about, { 'replay-name': 'again' });
  expect(parse(event)).toEqual({ ...facts, kind: 'resume' });
});

describe('is refused, by its place:', () => {
  const resumed = (detail: object) => eventOf('TenantResumed', { ...about, ...detail });
  const onboarding = (tenant: object) => eventOf('TenantOnboardingRequested', { ...about, tenant });
  const json = JSON.stringify(resumed({}));
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'not the JSON'],
    ['nothing', '', 'not the JSON'],
    ['a text', '"TenantResumed"', 'event:'],
    ['null', 'null', 'event:'],
    ['a list', [resumed({})], 'event:'],
    ['no envelope', about, 'detail-type'],
    ['an envelope without id', { ...resumed({}), id: undefined }, 'id'],
    ['an id with other characters', { ...resumed({}), id: 'a\nb' }, 'id'],
    ['an envelope of another version', { ...resumed({}), version: '1' }, 'version'],
    ['a time that is none', { ...resumed({}), time: 'yesterday' }, 'time'],
    ['a detail that is text', eventOf('TenantResumed', '{}'), 'detail'],
    ['a detail that is a list', eventOf('TenantResumed', [about]), 'detail'],
    ['an unknown detail-type', eventOf('TenantRemoved', about), 'detail-type'],
    ['a detail-type by another case', eventOf('tenantResumed', about), 'detail-type'],
    ['a detail-type off the prototype', eventOf('constructor', about), 'detail-type'],
    [
      'an event of the toolkit, which is not configured',
      eventOf('sbt_aws_onboardingRequest', about),
      'detail-type',
    ],
    ['no version', resumed({ version: undefined }), 'detail: version'],
    ['a version that is text', resumed({ version: '7' }), 'version'],
    ['a version below 0', resumed({ version: -1 }), 'version'],
    ['a version between two', resumed({ version: 1.5 }), 'version'],
    ['a version beyond what is exact', resumed({ version: 2 ** 53 }), 'version'],
    ['no tenant id', resumed({ tenantId: undefined }), 'tenantId'],
    ['the tenant id *', resumed({ tenantId: '*' }), 'tenantId'],
    ['the tenant id of probes', resumed({ tenantId: 'latchkey-probe' }), 'tenantId'],
    ['a member that is not known', resumed({ revokeSessions: true }), 'revokeSessions'],
    ['a misspelt member', eventOf('TenantSuspended', { ...about, revokeSession: true }), 'revokeSession'],
    ['no definition', onboarding({}), 'displayName'],
    [
      'a definition that contradicts itself',
      onboarding({ ...DEFINITION, defaultProfile: 'x' }),
      'defaultProfile',
    ],
    ['a status in the definition', onboarding({ ...DEFINITION, status: 'active' }), 'status'],
    ['an external id in the definition', onboarding({ ...DEFINITION, externalId: 'x' }), 'externalId'],
    ['__proto__ beside the detail', json.replace('{', '{"__proto__":{"id":"x"},'), 'not the JSON'],
    ['__proto__ in the detail', json.replace('"tenantId"', '"__proto__":{"a":1},"tenantId"'), 'not the JSON'],
    [
      '__proto__ deep in the definition',
      JSON.stringify(
        onboarding({ ...DEFINITION, ownProfiles: [{ name: 'app', policy: { xx: 1 } }] }),
      ).replace('"xx"', '"__proto__"'),
      'not the JSON',
    ],
    ['constructor in the detail', resumed({ constructor: { prototype: { x: 1 } } }), 'constructor'],
  ])('%s', (_, event, place) => {
    expect(() => parse(event)).toThrow(ConfigurationError);
    expect(() => parse(event)).toThrow(place);
  });
});

test('the reason repeats no value', () => {
  const secret = 'hunter2';
  const event = eventOf('TenantResumed', { ...about, tenantId: secret.toUpperCase(), version: secret });
  expect(() => parse(event)).not.toThrow(secret);
  expect(() => parse(JSON.stringify(event).slice(1))).not.toThrow(secret);
});
