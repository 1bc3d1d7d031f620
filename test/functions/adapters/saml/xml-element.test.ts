import { describe, expect, it, test } from 'vitest';
import {
  childrenOf,
  everyElementOf,
  onlyChildOf,
  parseXml,
} from '../../../../functions/adapters/saml/xml-element.ts';

describe('parseXml', () => {
  it('resolves namespaces, inherited and declared anew', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<a:x xmlns:a="u" xmlns="v"><y/><a:y/><z xmlns="u"/></a:x>\n',
    );
    expect(everyElementOf(root).map(({ namespace, name }) => `${namespace} ${name}`)).toEqual([
      'u x',
      'v y',
      'u y',
      'u z',
    ]);
    expect(onlyChildOf(root, 'y')?.namespace).toBe('u');
    expect(childrenOf(root, 'y', 'v')).toHaveLength(1);
    expect(onlyChildOf(parseXml('<x><y/><y/></x>'), 'y')).toBeUndefined();
  });

  it('reads references once, and text as it stands', () => {
    const root = parseXml('<x q="&quot;&#xD;&amp;lt;"> a&amp;lt;&#10;<y/>&apos;&gt; </x>');
    expect(root.attributes).toEqual({ q: '"\r&lt;' });
    expect(root.text).toBe(" a&lt;\n'> ");
  });

  test.each<[name: string, xml: string]>([
    ['that is no XML', 'text'],
    ['that does not end', '<x><y></x>'],
    ['with two roots', '<x/><y/>'],
    ['with text behind it', '<x/>text'],
    ['with an attribute twice', '<x a="1" a="2"/>'],
    ['with a document type', '<!DOCTYPE x><x/>'],
    ['with a comment', '<x>a<!-- -->b</x>'],
    ['with a CDATA section', '<x><![CDATA[a]]></x>'],
    ['with a processing instruction', '<x><?a b?></x>'],
    ['with an entity that nobody declared', '<x>&a;</x>'],
    ['with an entity that JavaScript knows', '<x>&constructor;</x>'],
    ['with an ampersand', '<x>a & b</x>'],
    ['with a character that there is none of', '<x>&#x110000;</x>'],
    ['with a prefix that nobody declared', '<a:x/>'],
    ['with a name that JavaScript knows', '<__proto__/>'],
    ['nested too deep', `${'<x>'.repeat(200)}${'</x>'.repeat(200)}`],
  ])('refuses a document %s', (_name, xml) => {
    expect(() => parseXml(xml)).toThrow(SyntaxError);
  });

  it('reads 400 tags, start and end, and no more', () => {
    const withTags = (count: number) => `<x>${'<y/>'.repeat(count - 2)}</x>`;
    expect(parseXml(withTags(400)).children).toHaveLength(398);
    expect(() => parseXml(withTags(401))).toThrow('expected at most 400 tags');
  });
});
