// Writes tables.txt.gz, the sets of code points behind \p{...} in regular expressions, as the Node.js that runs it knows
// them. Run it in a folder where `npm install unicode-property-value-aliases-ecmascript` has brought the names:
//
//	node tables.mjs tables.txt.gz
//
// Each line is the names of a set, separated by commas, a tab, and its code points: where each run of them begins, counted
// from the end of the one before, and how long it is, in base 36.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const require = createRequire(process.cwd() + '/');
const aliases = require('unicode-property-value-aliases-ecmascript');
const binary = {
  ASCII: [], ASCII_Hex_Digit: ['AHex'], Alphabetic: ['Alpha'], Any: [], Assigned: [], Bidi_Control: ['Bidi_C'],
  Bidi_Mirrored: ['Bidi_M'], Case_Ignorable: ['CI'], Cased: [], Changes_When_Casefolded: ['CWCF'],
  Changes_When_Casemapped: ['CWCM'], Changes_When_Lowercased: ['CWL'], Changes_When_NFKC_Casefolded: ['CWKCF'],
  Changes_When_Titlecased: ['CWT'], Changes_When_Uppercased: ['CWU'], Dash: [], Default_Ignorable_Code_Point: ['DI'],
  Deprecated: ['Dep'], Diacritic: ['Dia'], Emoji: [], Emoji_Component: ['EComp'], Emoji_Modifier: ['EMod'],
  Emoji_Modifier_Base: ['EBase'], Emoji_Presentation: ['EPres'], Extended_Pictographic: ['ExtPict'], Extender: ['Ext'],
  Grapheme_Base: ['Gr_Base'], Grapheme_Extend: ['Gr_Ext'], Hex_Digit: ['Hex'], IDS_Binary_Operator: ['IDSB'],
  IDS_Trinary_Operator: ['IDST'], ID_Continue: ['IDC'], ID_Start: ['IDS'], Ideographic: ['Ideo'], Join_Control: ['Join_C'],
  Logical_Order_Exception: ['LOE'], Lowercase: ['Lower'], Math: [], Noncharacter_Code_Point: ['NChar'],
  Pattern_Syntax: ['Pat_Syn'], Pattern_White_Space: ['Pat_WS'], Quotation_Mark: ['QMark'], Radical: [],
  Regional_Indicator: ['RI'], Sentence_Terminal: ['STerm'], Soft_Dotted: ['SD'], Terminal_Punctuation: ['Term'],
  Unified_Ideograph: ['UIdeo'], Uppercase: ['Upper'], Variation_Selector: ['VS'], White_Space: ['space'],
  XID_Continue: ['XIDC'], XID_Start: ['XIDS'],
};

function runs(pattern) {
  const re = new RegExp(`^\\p{${pattern}}$`, 'u');
  const out = [];
  let last = 0;
  for (let c = 0; c <= 0x10ffff; c++) {
    if (!re.test(String.fromCodePoint(c))) continue;
    const from = c;
    while (c < 0x10ffff && re.test(String.fromCodePoint(c + 1))) c++;
    out.push((from - last).toString(36), (c - from).toString(36));
    last = c;
  }
  return out.join(' ');
}

const known = (pattern) => { try { return Boolean(new RegExp(`\\p{${pattern}}`, 'u')); } catch { return false; } };
const lines = [`#${process.versions.unicode}`];
for (const [name, more] of Object.entries(binary)) lines.push(`${[name, ...more].join()}\t${runs(name)}`);
for (const [property, prefix] of [['General_Category', 'gc='], ['Script', 'sc='], ['Script_Extensions', 'scx=']]) {
  const names = new Map();
  for (const [alias, name] of aliases.get(property === 'Script_Extensions' ? 'Script' : property)) {
    names.set(name, (names.get(name) ?? new Set([name])).add(alias));
  }
  for (const [name, all] of names) {
    const pattern = `${property}=${name}`;
    if (known(pattern)) lines.push(`${[...all].filter((n) => known(`${property}=${n}`)).map((n) => prefix + n).join()}\t${runs(pattern)}`);
  }
}
writeFileSync(process.argv[2], gzipSync(lines.join('\n') + '\n', { level: 9 }));
