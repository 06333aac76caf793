"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __esm=(fn,res,err)=>function(){if(err)throw err[0];try{return fn&&(res=(0,fn[__getOwnPropNames(fn)[0]])(fn=0)),res}catch(e){throw err=[e],e}};var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var subtle,randomUUID,getRandomValues,init_web=__esm({"../node_modules/unenv/dist/runtime/node/internal/crypto/web.mjs"(){subtle=globalThis.crypto?.subtle,randomUUID=
()=>globalThis.crypto?.randomUUID(),getRandomValues=array=>globalThis.crypto?.getRandomValues(array)}});function createNotImplementedError(name){return new Error(`[unenv] ${name} is not implemented yet!`)}function notImplemented(name){return Object.assign(()=>{throw createNotImplementedError(
name)},{__unenv__:!0})}function notImplementedClass(name){return class{__unenv__=!0;constructor(){throw new Error(`[unenv] ${name} is not implemented yet!`)}}}var init_utils=__esm(
{"../node_modules/unenv/dist/runtime/_internal/utils.mjs"(){}});var MAX_RANDOM_VALUE_BYTES,webcrypto,randomBytes,rng,prng,fips,checkPrime,checkPrimeSync,createCipher,createDecipher,pseudoRandomBytes,createCipheriv,createDecipheriv,
createDiffieHellman,createDiffieHellmanGroup,createECDH,createHash,createHmac,createPrivateKey,createPublicKey,createSecretKey,createSign,createVerify,diffieHellman,
generatePrime,generatePrimeSync,getCiphers,getCipherInfo,getCurves,getDiffieHellman,getHashes,hkdf,hkdfSync,pbkdf2,pbkdf2Sync,generateKeyPair,generateKeyPairSync,
generateKey,generateKeySync,privateDecrypt,privateEncrypt,publicDecrypt,publicEncrypt,randomFill,randomFillSync,randomInt,scrypt,scryptSync,sign,setEngine,timingSafeEqual,
getFips,setFips,verify,secureHeapUsed,hash,Cipher,Decipher,Certificate,Cipheriv,Decipheriv,DiffieHellman,DiffieHellmanGroup,ECDH,Hash,Hmac,KeyObject,Sign,Verify,
X509Certificate,init_node=__esm({"../node_modules/unenv/dist/runtime/node/internal/crypto/node.mjs"(){init_utils();init_web();MAX_RANDOM_VALUE_BYTES=65536,webcrypto=
new Proxy(globalThis.crypto,{get(_,key){return key==="CryptoKey"?globalThis.CryptoKey:typeof globalThis.crypto[key]=="function"?globalThis.crypto[key].bind(globalThis.
crypto):globalThis.crypto[key]}}),randomBytes=(size,cb)=>{let bytes=Buffer.alloc(size,0,void 0);for(let generated=0;generated<size;generated+=MAX_RANDOM_VALUE_BYTES)
getRandomValues(Uint8Array.prototype.subarray.call(bytes,generated,generated+MAX_RANDOM_VALUE_BYTES));if(typeof cb=="function"){cb(null,bytes);return}return bytes},
rng=randomBytes,prng=randomBytes,fips=!1,checkPrime=notImplemented("crypto.checkPrime"),checkPrimeSync=notImplemented("crypto.checkPrimeSync"),createCipher=void 0,
createDecipher=void 0,pseudoRandomBytes=notImplemented("crypto.pseudoRandomBytes"),createCipheriv=notImplemented("crypto.createCipheriv"),createDecipheriv=notImplemented(
"crypto.createDecipheriv"),createDiffieHellman=notImplemented("crypto.createDiffieHellman"),createDiffieHellmanGroup=notImplemented("crypto.createDiffieHellmanG\
roup"),createECDH=notImplemented("crypto.createECDH"),createHash=notImplemented("crypto.createHash"),createHmac=notImplemented("crypto.createHmac"),createPrivateKey=
notImplemented("crypto.createPrivateKey"),createPublicKey=notImplemented("crypto.createPublicKey"),createSecretKey=notImplemented("crypto.createSecretKey"),createSign=
notImplemented("crypto.createSign"),createVerify=notImplemented("crypto.createVerify"),diffieHellman=notImplemented("crypto.diffieHellman"),generatePrime=notImplemented(
"crypto.generatePrime"),generatePrimeSync=notImplemented("crypto.generatePrimeSync"),getCiphers=notImplemented("crypto.getCiphers"),getCipherInfo=notImplemented(
"crypto.getCipherInfo"),getCurves=notImplemented("crypto.getCurves"),getDiffieHellman=notImplemented("crypto.getDiffieHellman"),getHashes=notImplemented("crypto\
.getHashes"),hkdf=notImplemented("crypto.hkdf"),hkdfSync=notImplemented("crypto.hkdfSync"),pbkdf2=notImplemented("crypto.pbkdf2"),pbkdf2Sync=notImplemented("cry\
pto.pbkdf2Sync"),generateKeyPair=notImplemented("crypto.generateKeyPair"),generateKeyPairSync=notImplemented("crypto.generateKeyPairSync"),generateKey=notImplemented(
"crypto.generateKey"),generateKeySync=notImplemented("crypto.generateKeySync"),privateDecrypt=notImplemented("crypto.privateDecrypt"),privateEncrypt=notImplemented(
"crypto.privateEncrypt"),publicDecrypt=notImplemented("crypto.publicDecrypt"),publicEncrypt=notImplemented("crypto.publicEncrypt"),randomFill=notImplemented("cr\
ypto.randomFill"),randomFillSync=notImplemented("crypto.randomFillSync"),randomInt=notImplemented("crypto.randomInt"),scrypt=notImplemented("crypto.scrypt"),scryptSync=
notImplemented("crypto.scryptSync"),sign=notImplemented("crypto.sign"),setEngine=notImplemented("crypto.setEngine"),timingSafeEqual=notImplemented("crypto.timin\
gSafeEqual"),getFips=notImplemented("crypto.getFips"),setFips=notImplemented("crypto.setFips"),verify=notImplemented("crypto.verify"),secureHeapUsed=notImplemented(
"crypto.secureHeapUsed"),hash=notImplemented("crypto.hash"),Cipher=void 0,Decipher=void 0,Certificate=notImplementedClass("crypto.Certificate"),Cipheriv=notImplementedClass(
"crypto.Cipheriv"),Decipheriv=notImplementedClass("crypto.Decipheriv"),DiffieHellman=notImplementedClass("crypto.DiffieHellman"),DiffieHellmanGroup=notImplementedClass(
"crypto.DiffieHellmanGroup"),ECDH=notImplementedClass("crypto.ECDH"),Hash=notImplementedClass("crypto.Hash"),Hmac=notImplementedClass("crypto.Hmac"),KeyObject=notImplementedClass(
"crypto.KeyObject"),Sign=notImplementedClass("crypto.Sign"),Verify=notImplementedClass("crypto.Verify"),X509Certificate=notImplementedClass("crypto.X509Certific\
ate")}});var crypto_exports={};__export(crypto_exports,{Certificate:()=>Certificate,Cipher:()=>Cipher,Cipheriv:()=>Cipheriv,Decipher:()=>Decipher,Decipheriv:()=>Decipheriv,
DiffieHellman:()=>DiffieHellman,DiffieHellmanGroup:()=>DiffieHellmanGroup,ECDH:()=>ECDH,Hash:()=>Hash,Hmac:()=>Hmac,KeyObject:()=>KeyObject,Sign:()=>Sign,Verify:()=>Verify,
X509Certificate:()=>X509Certificate,checkPrime:()=>checkPrime,checkPrimeSync:()=>checkPrimeSync,constants:()=>constants,createCipher:()=>createCipher,createCipheriv:()=>createCipheriv,
createDecipher:()=>createDecipher,createDecipheriv:()=>createDecipheriv,createDiffieHellman:()=>createDiffieHellman,createDiffieHellmanGroup:()=>createDiffieHellmanGroup,
createECDH:()=>createECDH,createHash:()=>createHash,createHmac:()=>createHmac,createPrivateKey:()=>createPrivateKey,createPublicKey:()=>createPublicKey,createSecretKey:()=>createSecretKey,
createSign:()=>createSign,createVerify:()=>createVerify,default:()=>crypto_default,diffieHellman:()=>diffieHellman,fips:()=>fips,generateKey:()=>generateKey,generateKeyPair:()=>generateKeyPair,
generateKeyPairSync:()=>generateKeyPairSync,generateKeySync:()=>generateKeySync,generatePrime:()=>generatePrime,generatePrimeSync:()=>generatePrimeSync,getCipherInfo:()=>getCipherInfo,
getCiphers:()=>getCiphers,getCurves:()=>getCurves,getDiffieHellman:()=>getDiffieHellman,getFips:()=>getFips,getHashes:()=>getHashes,getRandomValues:()=>getRandomValues,
hash:()=>hash,hkdf:()=>hkdf,hkdfSync:()=>hkdfSync,pbkdf2:()=>pbkdf2,pbkdf2Sync:()=>pbkdf2Sync,privateDecrypt:()=>privateDecrypt,privateEncrypt:()=>privateEncrypt,
prng:()=>prng,pseudoRandomBytes:()=>pseudoRandomBytes,publicDecrypt:()=>publicDecrypt,publicEncrypt:()=>publicEncrypt,randomBytes:()=>randomBytes,randomFill:()=>randomFill,
randomFillSync:()=>randomFillSync,randomInt:()=>randomInt,randomUUID:()=>randomUUID,rng:()=>rng,scrypt:()=>scrypt,scryptSync:()=>scryptSync,secureHeapUsed:()=>secureHeapUsed,
setEngine:()=>setEngine,setFips:()=>setFips,sign:()=>sign,subtle:()=>subtle,timingSafeEqual:()=>timingSafeEqual,verify:()=>verify,webcrypto:()=>webcrypto});var constants,
crypto_default,init_crypto=__esm({"../node_modules/unenv/dist/runtime/node/crypto.mjs"(){init_web();init_node();init_web();init_node();constants={OPENSSL_VERSION_NUMBER:0,
SSL_OP_ALL:2147485776,SSL_OP_ALLOW_NO_DHE_KEX:1024,SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION:262144,SSL_OP_CIPHER_SERVER_PREFERENCE:4194304,SSL_OP_CISCO_ANYCONNECT:32768,
SSL_OP_COOKIE_EXCHANGE:8192,SSL_OP_CRYPTOPRO_TLSEXT_BUG:2147483648,SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS:2048,SSL_OP_LEGACY_SERVER_CONNECT:4,SSL_OP_NO_COMPRESSION:131072,
SSL_OP_NO_ENCRYPT_THEN_MAC:524288,SSL_OP_NO_QUERY_MTU:4096,SSL_OP_NO_RENEGOTIATION:1073741824,SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION:65536,SSL_OP_NO_SSLv2:0,
SSL_OP_NO_SSLv3:33554432,SSL_OP_NO_TICKET:16384,SSL_OP_NO_TLSv1:67108864,SSL_OP_NO_TLSv1_1:268435456,SSL_OP_NO_TLSv1_2:134217728,SSL_OP_NO_TLSv1_3:536870912,SSL_OP_PRIORITIZE_CHACHA:2097152,
SSL_OP_TLS_ROLLBACK_BUG:8388608,ENGINE_METHOD_RSA:1,ENGINE_METHOD_DSA:2,ENGINE_METHOD_DH:4,ENGINE_METHOD_RAND:8,ENGINE_METHOD_EC:2048,ENGINE_METHOD_CIPHERS:64,ENGINE_METHOD_DIGESTS:128,
ENGINE_METHOD_PKEY_METHS:512,ENGINE_METHOD_PKEY_ASN1_METHS:1024,ENGINE_METHOD_ALL:65535,ENGINE_METHOD_NONE:0,DH_CHECK_P_NOT_SAFE_PRIME:2,DH_CHECK_P_NOT_PRIME:1,
DH_UNABLE_TO_CHECK_GENERATOR:4,DH_NOT_SUITABLE_GENERATOR:8,RSA_PKCS1_PADDING:1,RSA_NO_PADDING:3,RSA_PKCS1_OAEP_PADDING:4,RSA_X931_PADDING:5,RSA_PKCS1_PSS_PADDING:6,
RSA_PSS_SALTLEN_DIGEST:-1,RSA_PSS_SALTLEN_MAX_SIGN:-2,RSA_PSS_SALTLEN_AUTO:-2,defaultCoreCipherList:"",TLS1_VERSION:0,TLS1_1_VERSION:0,TLS1_2_VERSION:0,TLS1_3_VERSION:0,
POINT_CONVERSION_COMPRESSED:2,POINT_CONVERSION_UNCOMPRESSED:4,POINT_CONVERSION_HYBRID:6,defaultCipherList:""},crypto_default={constants,getRandomValues,randomUUID,
subtle,Certificate,Cipher,Cipheriv,Decipher,Decipheriv,DiffieHellman,DiffieHellmanGroup,ECDH,Hash,Hmac,KeyObject,Sign,Verify,X509Certificate,checkPrime,checkPrimeSync,
createCipheriv,createDecipheriv,createDiffieHellman,createDiffieHellmanGroup,createECDH,createHash,createHmac,createPrivateKey,createPublicKey,createSecretKey,createSign,
createVerify,diffieHellman,fips,generateKey,generateKeyPair,generateKeyPairSync,generateKeySync,generatePrime,generatePrimeSync,getCipherInfo,getCiphers,getCurves,
getDiffieHellman,getFips,getHashes,hash,hkdf,hkdfSync,pbkdf2,pbkdf2Sync,privateDecrypt,privateEncrypt,pseudoRandomBytes,publicDecrypt,prng,publicEncrypt,randomBytes,
randomFill,randomFillSync,randomInt,rng,scrypt,scryptSync,secureHeapUsed,setEngine,setFips,sign,timingSafeEqual,verify,webcrypto}}});var require_refuse=__commonJS({"src/refuse.js"(exports2,module2){"use strict";module2.exports=function(module3,advice2,shape2,kept={}){let out={};for(let name of Object.
keys(shape2)){if(name==="default"||name==="promises")continue;let value=shape2[name];if(typeof value!="function"){out[name]=value;continue}out[name]=function(){
throw Object.assign(new Error(`${module3}.${name} does not exist here: ${advice2}`),{code:"ERR_METHOD_NOT_IMPLEMENTED"})},Object.defineProperty(out[name],"name",
{value:name})}return Object.assign(out,kept)}}});var shape=(init_crypto(),__toCommonJS(crypto_exports)).default;function fault(Class,code,message){return Object.assign(new Class(message),{code})}var advice="it\
 is not among what this host gives; the global crypto and packages such as jose, crypto-js and tweetnacl may do",refused=require_refuse()("crypto",advice,shape);
function bytesOf(v,encoding,name="data"){if(typeof v=="string")return Buffer.from(v,encoding==="buffer"?"utf8":encoding);if(v instanceof KeyObject2)return secretOf(
v);if(ArrayBuffer.isView(v))return new Uint8Array(v.buffer,v.byteOffset,v.byteLength);if(v instanceof ArrayBuffer)return new Uint8Array(v);throw fault(TypeError,
"ERR_INVALID_ARG_TYPE",`The "${name}" argument must be of type string or an instance of Buffer, TypedArray, or DataView.${received(v)}`)}function received(v){return v==
null?` Received ${v}`:typeof v=="function"?` Received function ${v.name}`:typeof v=="object"?v.constructor?.name?` Received an instance of ${v.constructor.name}`:
" Received an object":` Received type ${typeof v} (${require("util").inspect(v)})`}var output=(bytes,encoding)=>{let buffer=Buffer.from(bytes);return encoding==
null||encoding==="buffer"?buffer:buffer.toString(encoding)},Digest=class{#state;#finished=!1;#stream;constructor(state){this.#state=state}update(data,encoding){
if(this.#finished)throw fault(Error,"ERR_CRYPTO_HASH_FINALIZED","Digest already called");return this.#state.update(bytesOf(data,encoding)),this}digest(encoding){
if(this.#finished)throw fault(Error,"ERR_CRYPTO_HASH_FINALIZED","Digest already called");return this.#finished=!0,output(this.#state.digest(),encoding)}static copyOf(of){
if(of.#finished)throw fault(Error,"ERR_CRYPTO_HASH_FINALIZED","Digest already called");return of.#state.copy()}static streamOf(of){if(of.#stream===void 0){let{Transform}=require("stream");
of.#stream=new Transform({transform(chunk,encoding,done){of.update(chunk),done()},flush(done){this.push(of.digest()),done()}})}return of.#stream}};for(let name of[
"write","end","pipe","unpipe","read","on","once","off","emit","addListener","removeListener","removeAllListeners","setEncoding","destroy","resume","pause","list\
enerCount","listeners","prependListener",Symbol.asyncIterator])Object.defineProperty(Digest.prototype,name,{value(...args){let stream=Digest.streamOf(this),result=stream[name](
...args);return result===stream?this:result},writable:!0,configurable:!0});Object.defineProperty(Digest.prototype,"writable",{get(){return Digest.streamOf(this).
writable},configurable:!0});var HashClass=class _HashClass extends Digest{copy(){return new _HashClass(Digest.copyOf(this))}},HmacClass=class extends Digest{};Object.
defineProperty(HashClass,"name",{value:"Hash"});Object.defineProperty(HmacClass,"name",{value:"Hmac"});function started(algorithm,key){if(typeof algorithm!="str\
ing")throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "${key===void 0?"algorithm":"hmac"}" argument must be of type string.${received(algorithm)}`);let state=native.
hash(algorithm.toLowerCase(),key);if(state===void 0)throw key!==void 0?fault(TypeError,"ERR_CRYPTO_INVALID_DIGEST",`Invalid digest: ${algorithm}`):fault(Error,"\
ERR_OSSL_EVP_UNSUPPORTED","Digest method not supported");return state}var createHash2=algorithm=>new HashClass(started(algorithm)),createHmac2=(algorithm,key)=>{
if(key==null)throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "key" argument must be of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView\
, KeyObject, or CryptoKey.${received(key)}`);return new HmacClass(started(algorithm,bytesOf(key,"utf8","key")))},hash2=(algorithm,data,encoding="hex")=>createHash2(
algorithm).update(data).digest(encoding),secretOf,keyFrom,KeyObject2=class _KeyObject{#key;constructor(key){if(!(key instanceof Key))throw fault(TypeError,"ERR_\
INVALID_ARG_VALUE","KeyObject is not made with new: use createSecretKey, createPublicKey or createPrivateKey");this.#key=key}get type(){return this.#key.type}get symmetricKeySize(){
return this.#key.bytes?.length}get asymmetricKeyType(){return this.#key.kind}get asymmetricKeyDetails(){return this.#key.details}equals(other){if(!(other instanceof
_KeyObject))throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "otherKeyObject" argument must be an instance of KeyObject.${received(other)}`);let a=this.#key,b=other.#key;
return a.type===b.type&&(a.bytes!==void 0?native.equal(a.bytes,b.bytes):native.sameKey(a.handle,b.handle))}export(options={}){let{type,bytes,handle}=this.#key;if(type===
"secret")return options.format==="jwk"?{kty:"oct",k:Buffer.from(bytes).toString("base64url")}:Buffer.from(bytes);if(options.format==="jwk")throw fault(Error,"ER\
R_METHOD_NOT_IMPLEMENTED",`crypto.KeyObject.export with the format "jwk" does not exist here: ${advice}`);let out=native.exportKey(handle,`${options.type??""}`,
options.format==="der");return typeof out=="string"?out:Buffer.from(out)}get[Symbol.toStringTag](){return"KeyObject"}static{secretOf=k=>{if(k.#key.bytes===void 0)
throw fault(TypeError,"ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",`Invalid key object type ${k.type}, expected secret.`);return k.#key.bytes},keyFrom=k=>k.#key}},Key=class{constructor(parts){
Object.assign(this,parts)}},SecretKeyObject=class extends KeyObject2{},PublicKeyObject=class extends KeyObject2{},PrivateKeyObject=class extends KeyObject2{},createSecretKey2=(key,encoding)=>new SecretKeyObject(
new Key({type:"secret",bytes:Uint8Array.from(bytesOf(key,encoding,"key"))}));function parsed(input,wanted){if(input instanceof KeyObject2){let key=keyFrom(input);
if(key.type===wanted)return key;if(wanted==="public"&&key.type==="private")return new Key(native.publicOf(key.handle));throw fault(TypeError,"ERR_CRYPTO_INVALID\
_KEY_OBJECT_TYPE",`Invalid key object type ${key.type}, expected ${wanted}.`)}if(typeof input=="object"&&input!==null&&!ArrayBuffer.isView(input)&&!(input instanceof
ArrayBuffer)){if(input.key instanceof KeyObject2)return parsed(input.key,wanted);if(input.passphrase!==void 0)throw fault(Error,"ERR_METHOD_NOT_IMPLEMENTED",`cr\
ypto: keys with a passphrase do not exist here: ${advice}`);return input.format==="jwk"?new Key(native.parseJWK(JSON.stringify(input.key),wanted)):new Key(native.
parseKey(bytesOf(input.key,input.encoding,"key.key"),wanted))}return new Key(native.parseKey(bytesOf(input,"utf8","key"),wanted))}var createPublicKey2=input=>new PublicKeyObject(
parsed(input,"public")),createPrivateKey2=input=>new PrivateKeyObject(parsed(input,"private")),constants2={...shape.constants},optionsFor=key=>typeof key=="obje\
ct"&&key!==null&&!(key instanceof KeyObject2)?key:{};function signWith(algorithm,data,key){let{padding,saltLength,dsaEncoding}=optionsFor(key);return native.sign(
`${algorithm??""}`.toLowerCase(),data,parsed(key,"private").handle,padding===constants2.RSA_PKCS1_PSS_PADDING,saltLength??constants2.RSA_PSS_SALTLEN_MAX_SIGN,dsaEncoding===
"ieee-p1363")}function verifyWith(algorithm,data,key,signature){let{padding,saltLength,dsaEncoding}=optionsFor(key);return native.verify(`${algorithm??""}`.toLowerCase(),
data,parsed(key,"public").handle,padding===constants2.RSA_PKCS1_PSS_PADDING,saltLength??constants2.RSA_PSS_SALTLEN_AUTO,dsaEncoding==="ieee-p1363",signature)}var Collector=class{#algorithm;#parts=[];constructor(algorithm){
if(!native.knowsDigest(`${algorithm}`.toLowerCase()))throw fault(Error,"ERR_CRYPTO_INVALID_DIGEST",`Invalid digest: ${algorithm}`);this.#algorithm=algorithm}update(data,encoding){
return this.#parts.push(Buffer.from(bytesOf(data,encoding))),this}write(data,encoding){return this.update(data,encoding),!0}end(data,encoding){data!==void 0&&this.
update(data,encoding)}static all(of){return[of.#algorithm,Buffer.concat(of.#parts)]}},Sign2=class extends Collector{sign(key,encoding){return output(signWith(...Collector.
all(this),key),encoding)}},Verify2=class extends Collector{verify(key,signature,encoding){return verifyWith(...Collector.all(this),key,bytesOf(signature,encoding,
"signature"))}};function later(done,make){if(typeof done!="function")return make();let result;try{result=make()}catch(error){return process.nextTick(done,error)}
process.nextTick(done,null,result)}function randomBytes2(size,done){if(typeof size!="number")throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "size" argument m\
ust be of type number.${received(size)}`);if(!(size>=0&&size<=2**31-1))throw fault(RangeError,"ERR_OUT_OF_RANGE",`The value of "size" is out of range. It must b\
e >= 0 && <= 2147483647. Received ${size}`);return later(done,()=>{let buffer=Buffer.alloc(size);return native.random(buffer),buffer})}function randomFillSync2(buffer,offset=0,size){
let all=bytesOf(buffer,void 0,"buf");return native.random(all.subarray(offset,size===void 0?void 0:offset+size)),buffer}function randomInt2(min,max,done){let alone=max===
void 0||typeof max=="function";if(alone&&([min,max,done]=[0,min,max]),!Number.isSafeInteger(min))throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "min" argumen\
t must be a safe integer.${received(min)}`);if(!Number.isSafeInteger(max))throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "max" argument must be a safe intege\
r.${received(max)}`);if(max<=min)throw fault(RangeError,"ERR_OUT_OF_RANGE",`The value of "max" is out of range. It must be greater than the value of "min" (${min}\
). Received ${max}`);if(max-min>2**48-1){let found=`${max-min}`.replace(/\B(?=(\d{3})+$)/g,"_");throw fault(RangeError,"ERR_OUT_OF_RANGE",`The value of "${alone?
"max":"max - min"}" is out of range. It must be <= 281474976710655. Received ${found}`)}let range=max-min,limit=2**48-2**48%range;return later(done,()=>{for(;;){
let n=randomBytes2(6).readUIntBE(0,6);if(n<limit)return min+n%range}})}function timingSafeEqual2(a,b){let x=bytesOf(a,void 0,"buf1"),y=bytesOf(b,void 0,"buf2");
if(typeof a=="string"||typeof b=="string"){let[name,v]=typeof a=="string"?["buf1",a]:["buf2",b];throw fault(TypeError,"ERR_INVALID_ARG_TYPE",`The "${name}" argu\
ment must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.${received(v)}`)}if(x.length!==y.length)throw fault(RangeError,"ERR_CRYPTO_TIMING_SAFE_\
EQUAL_LENGTH","Input buffers must have the same byte length");return native.equal(x,y)}function derived(name,...args){let result=native[name](...args);if(result===
void 0)throw fault(TypeError,"ERR_CRYPTO_INVALID_DIGEST",`Invalid digest: ${args[0]}`);return result}var pbkdf2Sync2=(password,salt,iterations,length,digest)=>Buffer.
from(derived("pbkdf2",`${digest}`.toLowerCase(),bytesOf(password),bytesOf(salt),iterations,length)),hkdfSync2=(digest,key,salt,info,length)=>derived("hkdf",`${digest}`.
toLowerCase(),bytesOf(key),bytesOf(salt),bytesOf(info),length),web=name=>({get:()=>name==="webcrypto"?globalThis.crypto:globalThis.crypto[name],enumerable:!0,configurable:!0});
function Hash2(algorithm){return createHash2(algorithm)}function Hmac2(algorithm,key){return createHmac2(algorithm,key)}Hash2.prototype=HashClass.prototype;Hmac2.
prototype=HmacClass.prototype;module.exports=Object.assign(refused,{constants:constants2,createHash:createHash2,createHmac:createHmac2,hash:hash2,Hash:Hash2,Hmac:Hmac2,
Sign:Sign2,Verify:Verify2,KeyObject:KeyObject2,createSecretKey:createSecretKey2,createPublicKey:createPublicKey2,createPrivateKey:createPrivateKey2,createSign:algorithm=>new Sign2(
algorithm),createVerify:algorithm=>new Verify2(algorithm),sign:(algorithm,data,key,done)=>later(done,()=>Buffer.from(signWith(algorithm,bytesOf(data),key))),verify:(algorithm,data,key,signature,done)=>later(
done,()=>verifyWith(algorithm,bytesOf(data),key,bytesOf(signature))),randomBytes:randomBytes2,pseudoRandomBytes:randomBytes2,prng:randomBytes2,rng:randomBytes2,
randomFillSync:randomFillSync2,randomInt:randomInt2,timingSafeEqual:timingSafeEqual2,randomFill(buffer,...rest){let done=rest.pop();return later(done,()=>randomFillSync2(
buffer,...rest))},randomUUID:()=>globalThis.crypto.randomUUID(),getRandomValues:array=>globalThis.crypto.getRandomValues(array),getHashes:()=>native.hashes(),getCiphers:()=>[],
getCurves:()=>["prime256v1","secp384r1","secp521r1"],getFips:()=>0,pbkdf2Sync:pbkdf2Sync2,hkdfSync:hkdfSync2,pbkdf2:(password,salt,iterations,length,digest,done)=>later(
done,()=>pbkdf2Sync2(password,salt,iterations,length,digest)),hkdf:(digest,key,salt,info,length,done)=>later(done,()=>hkdfSync2(digest,key,salt,info,length))});
Object.defineProperties(module.exports,{webcrypto:web("webcrypto"),subtle:web("subtle")});
