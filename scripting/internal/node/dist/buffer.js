"use strict";var{Buffer,Blob,File,atob,btoa}=globalThis,kMaxLength=2**31-1,kStringMaxLength=2**29-24,bytes=v=>ArrayBuffer.isView(v)?new Uint8Array(v.buffer,v.byteOffset,v.byteLength):
new Uint8Array(v);module.exports={Buffer,SlowBuffer:Buffer,Blob,File,atob,btoa,kMaxLength,kStringMaxLength,INSPECT_MAX_BYTES:50,constants:{MAX_LENGTH:kMaxLength,
MAX_STRING_LENGTH:kStringMaxLength},isAscii:v=>bytes(v).every(b=>b<128),isUtf8:v=>{try{return new TextDecoder("utf-8",{fatal:!0}).decode(bytes(v)),!0}catch{return!1}},
transcode:(v,from,to)=>Buffer.from(Buffer.from(v).toString(from),to)};
