const { XMLParser, XMLBuilder, XMLValidator } = require("fast-xml-parser");
const data = new XMLParser({ ignoreAttributes: false }).parse('<a id="1"><b>x &amp; y</b><b>2</b><![CDATA[c]]></a>');
console.log(JSON.stringify(data), new XMLBuilder({ ignoreAttributes: false }).build(data), XMLValidator.validate("<a><b></a>"));
