import { describe, expect, it, test } from 'vitest';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import { allow, RESOURCES, sampleDefinition } from '../sample.ts';

const book = createProfileBook([sampleDefinition()], RESOURCES);
const own = (changes: Parameters<typeof sampleDefinition>[0] = {}) =>
  sampleDefinition({ name: 'own', ...changes });

describe('the profiles of a tenant', () => {
  it("are the deployment's", () => {
    expect([...book.profilesOf({ ownProfiles: [] }).keys()]).toEqual(['app']);
  });

  it('and its own, for itself alone', () => {
    const profiles = book.profilesOf({ ownProfiles: [own()] });
    expect([...profiles.keys()]).toEqual(['app', 'own']);
    expect(profiles.get('own')?.roleArn).toBe(RESOURCES.tenantRoleArn);
    expect([...book.profilesOf({ ownProfiles: [] }).keys()]).toEqual(['app']);
  });

  it('are read once for the same list, and again for another', () => {
    const ownProfiles = [own()];
    expect(book.profilesOf({ ownProfiles })).toBe(book.profilesOf({ ownProfiles }));
    expect(book.profilesOf({ ownProfiles: [...ownProfiles] })).not.toBe(book.profilesOf({ ownProfiles }));
  });

  test.each<[string, ReturnType<typeof own>, string]>([
    ['with a role written out', own({ roleArn: RESOURCES.tenantRoleArn }), 'roleArn'],
    ['with another role', own({ roleArn: 'arn:aws:iam::111122223333:role/admin' }), 'roleArn'],
    ["of a deployed one's name", own({ name: 'app' }), 'got two of that name'],
    [
      'that is not bounded',
      own({ policy: allow({ Resource: '{{resources.tenantBucketArn}}/*' }) }),
      'not bounded',
    ],
    [
      'that could meet another',
      own({ policy: allow({ Resource: '{{resources.tenantBucketArn}}/archive-{{tenant.id}}/*' }) }),
      'could be called',
    ],
    ['that is no profile', { name: 'own', roleArn: '{{resources.tenantRoleArn}}' } as never, 'policy'],
  ])('refuse one of its own %s', (_what, profile, named) => {
    expect(() => book.profilesOf({ ownProfiles: [profile] })).toThrow(named);
  });
});
