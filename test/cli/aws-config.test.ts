import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { putProfile } from '../../cli/aws-config/aws-config.ts';
import { renderCommandLine } from '../../cli/aws-config/command-line.ts';
import { renderDiff } from '../../cli/aws-config/text-diff.ts';

const PROFILE = { name: 'latchkey', credentialProcess: '/bin/latchkey credentials', region: 'eu-west-1' };
const SECTION = `[profile latchkey]
# written by latchkey configure
credential_process = /bin/latchkey credentials
region = eu-west-1
`;
const FOREIGN = '[profile latchkey]\naws_access_key_id = AKIAEXAMPLE\n';

describe('a profile in an AWS config', () => {
  test.each([
    ['an empty file', '', SECTION],
    ['blank lines', '\n', `\n${SECTION}`],
    ['behind others', '[default]\nregion=x # y\n', `[default]\nregion=x # y\n\n${SECTION}`],
    ['behind an empty line', '[default]\n\n', `[default]\n\n${SECTION}`],
    ['behind a line without an end', '[default]', `[default]\n\n${SECTION}`],
    ['another of that name', '[latchkey]\na=b\n', `[latchkey]\na=b\n\n${SECTION}`],
    ['a longer name', '[profile latchkey2]\na=b\n', `[profile latchkey2]\na=b\n\n${SECTION}`],
    ['a header in a comment', '# [profile latchkey]\n', `# [profile latchkey]\n\n${SECTION}`],
    [
      'lines of Windows',
      '[default]\r\nregion=x\r\n',
      `[default]\r\nregion=x\r\n\r\n${SECTION.replaceAll('\n', '\r\n')}`,
    ],
    [
      'in place of its own',
      '# a\n[profile latchkey]\n# written by latchkey configure\ncredential_process = old\n\n# b\n[profile b]\nc = d',
      `# a\n${SECTION}\n# b\n[profile b]\nc = d`,
    ],
    ['in place of the same', `[default]\n\n${SECTION}\n; end\n`, `[default]\n\n${SECTION}\n; end\n`],
    ['in place of an empty one of its own', '[profile latchkey]\n# written by latchkey configure\n', SECTION],
  ])('%s', (_what, before, after) => {
    expect(putProfile(before, PROFILE)).toBe(after);
  });

  test.each([
    ['as it is', FOREIGN],
    ['in quotes', '[ profile  "latchkey" ] # x\nrole_arn = y\n'],
    ['marked, with more in it', `${SECTION}output = json\n`],
    ['marked, with a remark in it', SECTION.replace('region', '# mine\nregion')],
    ['with the mark elsewhere', '[profile latchkey]\nregion = x\n# written by latchkey configure\n'],
    ['with a comment alone', '[profile latchkey]\n# mine\n'],
  ])('of somebody else is replaced only when that is asked for: %s', (_what, foreign) => {
    const text = `[default]\n${foreign}[profile b]\n`;
    expect(() => putProfile(text, PROFILE)).toThrow('choose another --aws-profile, or give --replace');
    const replaced = putProfile(text, PROFILE, { replace: true });
    expect(replaced.startsWith(`[default]\n${SECTION}`)).toBe(true);
    expect(replaced.endsWith('[profile b]\n')).toBe(true);
    expect(replaced.replace(/^\s*#.*\n/gm, '')).toBe(
      `[default]\n${SECTION}[profile b]\n`.replace(/^\s*#.*\n/gm, ''),
    );
  });

  it('that is there twice is nobody’s to choose', () => {
    expect(() => putProfile(FOREIGN + FOREIGN, PROFILE, { replace: true })).toThrow(
      'got [profile latchkey] 2 times',
    );
  });

  it('may be the default one', () => {
    const text = putProfile('[profile a]\n', { ...PROFILE, name: 'default', region: undefined });
    expect(text).toContain('\n[default]\n# written');
    expect(text).not.toContain('region');
    expect(() => putProfile('[profile default]\nx = y\n', { ...PROFILE, name: 'default' })).toThrow(
      '--replace',
    );
  });

  test.each(['', 'a b', 'a]', 'a"b', '#a', 'a\nb', '__proto__', '-a', 'ä', 'a'.repeat(65)])(
    'has no name that an SDK would not read: %j',
    (name) => {
      expect(() => putProfile('', { ...PROFILE, name })).toThrow('--aws-profile: got');
    },
  );
});

describe('the line of a credential_process', () => {
  it('means the same words to a shell, and nothing to those who read the file', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((each) => !/\p{Cc}/u.test(each));
    const samples = fc
      .sample(fc.array(word, { maxLength: 5 }), 200)
      .map((each) => ['/a b', ...each, 'process']);
    samples.push(['/a', 'b #c', 'd ;e', `'"$(x)\`\\`, '~', '*', 'a=b', '%s', '!!', 'ü\u00a0#', 'process']);
    const lines = samples.map(renderCommandLine);
    const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\n\\0'`).join('\n');
    const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n\0').slice(0, -1);
    expect(read.map((each) => each.split('\0').slice(0, -1))).toEqual(samples);
    for (const line of lines) expect(line).not.toMatch(/\s[;#]|^["']|["']$/);
  });

  test.each(['a\nb', 'a\0', '\u0085'])('cannot hold %j', (word) => {
    expect(() => renderCommandLine([word])).toThrow('control character');
  });
});

describe('a diff', () => {
  test.each([
    ['', 'a\n', '@@ -0,0 +1,1 @@\n+a\n'],
    ['a\nb\n', 'a\nx\ny\nb\n', '@@ -1,0 +2,2 @@\n+x\n+y\n'],
    ['a\nb\nc\n', 'a\nx\nc\n', '@@ -2,1 +2,1 @@\n-b\n+x\n'],
    ['a\na\n', 'a\na\na\n', '@@ -2,0 +3,1 @@\n+a\n'],
  ])('from %j to %j', (before, after, hunk) => {
    expect(renderDiff('/c', before, after)).toBe(`--- /c\n+++ /c\n${hunk}`);
  });

  it('shows no secret, neither of what goes nor of what is around', () => {
    const before =
      'aws_secret_access_key = s1\n[x]\naws_session_token=s2\n  Aws_Secret_Access_Key : s3\nregion = y\n';
    const diff = renderDiff('/c', before, before.replace(/\[x\].*/s, '[z]\n'));
    expect(diff).toContain('-aws_session_token= …');
    expect(diff).toContain('-region = y');
    expect(diff).not.toMatch(/s\d/);
  });
});
