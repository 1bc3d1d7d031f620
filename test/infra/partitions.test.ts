import { expect, test } from 'vitest';
import { everyChoice, templateOf } from './synthesized.ts';

/** The same choices as they would be written in another partition. */
function choicesIn(partition: string, region: string) {
  const { stsFallbackRegions: _ofAws, ...choices } = everyChoice;
  const json = JSON.stringify(choices).replaceAll('arn:aws:', `arn:${partition}:`);
  return { ...(JSON.parse(json.replaceAll('eu-central-1', region)) as typeof choices), region };
}

test.each([
  ['cn-north-1', 'aws-cn', 'signin.amazonaws.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'signin.amazonaws-us-gov.com'],
])('%s: everything is in the partition %s', { timeout: 60_000 }, (region, partition, signIn) => {
  const choices = choicesIn(partition, region);
  const template = JSON.stringify(templateOf({ ...choices, tenantData: 'sample' }).toJSON());
  expect(template).toContain(`arn:${partition}:iam::`);
  expect(template.match(/.{0,60}arn:aws:.{0,60}/g)).toBeNull();
  expect(template).toContain(signIn);
  expect(template).not.toContain('signin.aws.amazon.com');
});
