"use strict";var __getOwnPropNames=Object.getOwnPropertyNames;var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var require_module_exports_Object=__commonJS({"text:module.exports = Object.is;"(exports2,module2){module2.exports=Object.is}});var require_module_exports_Number=__commonJS({"text:module.exports = Number.isNaN;"(exports2,module2){module2.exports=Number.isNaN}});var require_comparisons=__commonJS({"../node_modules/assert/build/internal/util/comparisons.js"(exports2,module2){"use strict";function _slicedToArray(arr,i){return _arrayWithHoles(
arr)||_iterableToArrayLimit(arr,i)||_unsupportedIterableToArray(arr,i)||_nonIterableRest()}function _nonIterableRest(){throw new TypeError(`Invalid attempt to d\
estructure non-iterable instance.
In order to be iterable, non-array objects must have a [Symbol.iterator]() method.`)}function _unsupportedIterableToArray(o,minLen){if(o){if(typeof o=="string")
return _arrayLikeToArray(o,minLen);var n=Object.prototype.toString.call(o).slice(8,-1);if(n==="Object"&&o.constructor&&(n=o.constructor.name),n==="Map"||n==="Se\
t")return Array.from(o);if(n==="Arguments"||/^(?:Ui|I)nt(?:8|16|32)(?:Clamped)?Array$/.test(n))return _arrayLikeToArray(o,minLen)}}function _arrayLikeToArray(arr,len){
(len==null||len>arr.length)&&(len=arr.length);for(var i=0,arr2=new Array(len);i<len;i++)arr2[i]=arr[i];return arr2}function _iterableToArrayLimit(r,l){var t=r==
null?null:typeof Symbol<"u"&&r[Symbol.iterator]||r["@@iterator"];if(t!=null){var e,n,i,u,a=[],f=!0,o=!1;try{if(i=(t=t.call(r)).next,l===0){if(Object(t)!==t)return;
f=!1}else for(;!(f=(e=i.call(t)).done)&&(a.push(e.value),a.length!==l);f=!0);}catch(r2){o=!0,n=r2}finally{try{if(!f&&t.return!=null&&(u=t.return(),Object(u)!==u))
return}finally{if(o)throw n}}return a}}function _arrayWithHoles(arr){if(Array.isArray(arr))return arr}function _typeof(o){"@babel/helpers - typeof";return _typeof=
typeof Symbol=="function"&&typeof Symbol.iterator=="symbol"?function(o2){return typeof o2}:function(o2){return o2&&typeof Symbol=="function"&&o2.constructor===Symbol&&
o2!==Symbol.prototype?"symbol":typeof o2},_typeof(o)}var regexFlagsSupported=/a/g.flags!==void 0,arrayFromSet=function(set){var array=[];return set.forEach(function(value){
return array.push(value)}),array},arrayFromMap=function(map){var array=[];return map.forEach(function(value,key){return array.push([key,value])}),array},objectIs=Object.
is?Object.is:require_module_exports_Object(),objectGetOwnPropertySymbols=Object.getOwnPropertySymbols?Object.getOwnPropertySymbols:function(){return[]},numberIsNaN=Number.
isNaN?Number.isNaN:require_module_exports_Number();function uncurryThis(f){return f.call.bind(f)}var hasOwnProperty=uncurryThis(Object.prototype.hasOwnProperty),
propertyIsEnumerable=uncurryThis(Object.prototype.propertyIsEnumerable),objectToString=uncurryThis(Object.prototype.toString),_require$types=require("util").types,
isAnyArrayBuffer=_require$types.isAnyArrayBuffer,isArrayBufferView=_require$types.isArrayBufferView,isDate=_require$types.isDate,isMap=_require$types.isMap,isRegExp=_require$types.
isRegExp,isSet=_require$types.isSet,isNativeError=_require$types.isNativeError,isBoxedPrimitive=_require$types.isBoxedPrimitive,isNumberObject=_require$types.isNumberObject,
isStringObject=_require$types.isStringObject,isBooleanObject=_require$types.isBooleanObject,isBigIntObject=_require$types.isBigIntObject,isSymbolObject=_require$types.
isSymbolObject,isFloat32Array=_require$types.isFloat32Array,isFloat64Array=_require$types.isFloat64Array;function isNonIndex(key){if(key.length===0||key.length>
10)return!0;for(var i=0;i<key.length;i++){var code=key.charCodeAt(i);if(code<48||code>57)return!0}return key.length===10&&key>=Math.pow(2,32)}function getOwnNonIndexProperties(value){
return Object.keys(value).filter(isNonIndex).concat(objectGetOwnPropertySymbols(value).filter(Object.prototype.propertyIsEnumerable.bind(value)))}function compare(a,b){
if(a===b)return 0;for(var x=a.length,y=b.length,i=0,len=Math.min(x,y);i<len;++i)if(a[i]!==b[i]){x=a[i],y=b[i];break}return x<y?-1:y<x?1:0}var ONLY_ENUMERABLE=void 0,
kStrict=!0,kLoose=!1,kNoIterator=0,kIsArray=1,kIsSet=2,kIsMap=3;function areSimilarRegExps(a,b){return regexFlagsSupported?a.source===b.source&&a.flags===b.flags:
RegExp.prototype.toString.call(a)===RegExp.prototype.toString.call(b)}function areSimilarFloatArrays(a,b){if(a.byteLength!==b.byteLength)return!1;for(var offset=0;offset<
a.byteLength;offset++)if(a[offset]!==b[offset])return!1;return!0}function areSimilarTypedArrays(a,b){return a.byteLength!==b.byteLength?!1:compare(new Uint8Array(
a.buffer,a.byteOffset,a.byteLength),new Uint8Array(b.buffer,b.byteOffset,b.byteLength))===0}function areEqualArrayBuffers(buf1,buf2){return buf1.byteLength===buf2.
byteLength&&compare(new Uint8Array(buf1),new Uint8Array(buf2))===0}function isEqualBoxedPrimitive(val1,val2){return isNumberObject(val1)?isNumberObject(val2)&&objectIs(
Number.prototype.valueOf.call(val1),Number.prototype.valueOf.call(val2)):isStringObject(val1)?isStringObject(val2)&&String.prototype.valueOf.call(val1)===String.
prototype.valueOf.call(val2):isBooleanObject(val1)?isBooleanObject(val2)&&Boolean.prototype.valueOf.call(val1)===Boolean.prototype.valueOf.call(val2):isBigIntObject(
val1)?isBigIntObject(val2)&&BigInt.prototype.valueOf.call(val1)===BigInt.prototype.valueOf.call(val2):isSymbolObject(val2)&&Symbol.prototype.valueOf.call(val1)===
Symbol.prototype.valueOf.call(val2)}function innerDeepEqual(val1,val2,strict,memos){if(val1===val2)return val1!==0?!0:strict?objectIs(val1,val2):!0;if(strict){if(_typeof(
val1)!=="object")return typeof val1=="number"&&numberIsNaN(val1)&&numberIsNaN(val2);if(_typeof(val2)!=="object"||val1===null||val2===null||Object.getPrototypeOf(
val1)!==Object.getPrototypeOf(val2))return!1}else{if(val1===null||_typeof(val1)!=="object")return val2===null||_typeof(val2)!=="object"?val1==val2:!1;if(val2===
null||_typeof(val2)!=="object")return!1}var val1Tag=objectToString(val1),val2Tag=objectToString(val2);if(val1Tag!==val2Tag)return!1;if(Array.isArray(val1)){if(val1.
length!==val2.length)return!1;var keys1=getOwnNonIndexProperties(val1,ONLY_ENUMERABLE),keys2=getOwnNonIndexProperties(val2,ONLY_ENUMERABLE);return keys1.length!==
keys2.length?!1:keyCheck(val1,val2,strict,memos,kIsArray,keys1)}if(val1Tag==="[object Object]"&&(!isMap(val1)&&isMap(val2)||!isSet(val1)&&isSet(val2)))return!1;
if(isDate(val1)){if(!isDate(val2)||Date.prototype.getTime.call(val1)!==Date.prototype.getTime.call(val2))return!1}else if(isRegExp(val1)){if(!isRegExp(val2)||!areSimilarRegExps(
val1,val2))return!1}else if(isNativeError(val1)||val1 instanceof Error){if(val1.message!==val2.message||val1.name!==val2.name)return!1}else if(isArrayBufferView(
val1)){if(!strict&&(isFloat32Array(val1)||isFloat64Array(val1))){if(!areSimilarFloatArrays(val1,val2))return!1}else if(!areSimilarTypedArrays(val1,val2))return!1;
var _keys=getOwnNonIndexProperties(val1,ONLY_ENUMERABLE),_keys2=getOwnNonIndexProperties(val2,ONLY_ENUMERABLE);return _keys.length!==_keys2.length?!1:keyCheck(val1,
val2,strict,memos,kNoIterator,_keys)}else{if(isSet(val1))return!isSet(val2)||val1.size!==val2.size?!1:keyCheck(val1,val2,strict,memos,kIsSet);if(isMap(val1))return!isMap(
val2)||val1.size!==val2.size?!1:keyCheck(val1,val2,strict,memos,kIsMap);if(isAnyArrayBuffer(val1)){if(!areEqualArrayBuffers(val1,val2))return!1}else if(isBoxedPrimitive(
val1)&&!isEqualBoxedPrimitive(val1,val2))return!1}return keyCheck(val1,val2,strict,memos,kNoIterator)}function getEnumerables(val,keys){return keys.filter(function(k){
return propertyIsEnumerable(val,k)})}function keyCheck(val1,val2,strict,memos,iterationType,aKeys){if(arguments.length===5){aKeys=Object.keys(val1);var bKeys=Object.
keys(val2);if(aKeys.length!==bKeys.length)return!1}for(var i=0;i<aKeys.length;i++)if(!hasOwnProperty(val2,aKeys[i]))return!1;if(strict&&arguments.length===5){var symbolKeysA=objectGetOwnPropertySymbols(
val1);if(symbolKeysA.length!==0){var count=0;for(i=0;i<symbolKeysA.length;i++){var key=symbolKeysA[i];if(propertyIsEnumerable(val1,key)){if(!propertyIsEnumerable(
val2,key))return!1;aKeys.push(key),count++}else if(propertyIsEnumerable(val2,key))return!1}var symbolKeysB=objectGetOwnPropertySymbols(val2);if(symbolKeysA.length!==
symbolKeysB.length&&getEnumerables(val2,symbolKeysB).length!==count)return!1}else{var _symbolKeysB=objectGetOwnPropertySymbols(val2);if(_symbolKeysB.length!==0&&
getEnumerables(val2,_symbolKeysB).length!==0)return!1}}if(aKeys.length===0&&(iterationType===kNoIterator||iterationType===kIsArray&&val1.length===0||val1.size===
0))return!0;if(memos===void 0)memos={val1:new Map,val2:new Map,position:0};else{var val2MemoA=memos.val1.get(val1);if(val2MemoA!==void 0){var val2MemoB=memos.val2.
get(val2);if(val2MemoB!==void 0)return val2MemoA===val2MemoB}memos.position++}memos.val1.set(val1,memos.position),memos.val2.set(val2,memos.position);var areEq=objEquiv(
val1,val2,strict,aKeys,memos,iterationType);return memos.val1.delete(val1),memos.val2.delete(val2),areEq}function setHasEqualElement(set,val1,strict,memo){for(var setValues=arrayFromSet(
set),i=0;i<setValues.length;i++){var val2=setValues[i];if(innerDeepEqual(val1,val2,strict,memo))return set.delete(val2),!0}return!1}function findLooseMatchingPrimitives(prim){
switch(_typeof(prim)){case"undefined":return null;case"object":return;case"symbol":return!1;case"string":prim=+prim;case"number":if(numberIsNaN(prim))return!1}return!0}
function setMightHaveLoosePrim(a,b,prim){var altValue=findLooseMatchingPrimitives(prim);return altValue??(b.has(altValue)&&!a.has(altValue))}function mapMightHaveLoosePrim(a,b,prim,item,memo){
var altValue=findLooseMatchingPrimitives(prim);if(altValue!=null)return altValue;var curB=b.get(altValue);return curB===void 0&&!b.has(altValue)||!innerDeepEqual(
item,curB,!1,memo)?!1:!a.has(altValue)&&innerDeepEqual(item,curB,!1,memo)}function setEquiv(a,b,strict,memo){for(var set=null,aValues=arrayFromSet(a),i=0;i<aValues.
length;i++){var val=aValues[i];if(_typeof(val)==="object"&&val!==null)set===null&&(set=new Set),set.add(val);else if(!b.has(val)){if(strict||!setMightHaveLoosePrim(
a,b,val))return!1;set===null&&(set=new Set),set.add(val)}}if(set!==null){for(var bValues=arrayFromSet(b),_i=0;_i<bValues.length;_i++){var _val=bValues[_i];if(_typeof(
_val)==="object"&&_val!==null){if(!setHasEqualElement(set,_val,strict,memo))return!1}else if(!strict&&!a.has(_val)&&!setHasEqualElement(set,_val,strict,memo))return!1}
return set.size===0}return!0}function mapHasEqualEntry(set,map,key1,item1,strict,memo){for(var setValues=arrayFromSet(set),i=0;i<setValues.length;i++){var key2=setValues[i];
if(innerDeepEqual(key1,key2,strict,memo)&&innerDeepEqual(item1,map.get(key2),strict,memo))return set.delete(key2),!0}return!1}function mapEquiv(a,b,strict,memo){
for(var set=null,aEntries=arrayFromMap(a),i=0;i<aEntries.length;i++){var _aEntries$i=_slicedToArray(aEntries[i],2),key=_aEntries$i[0],item1=_aEntries$i[1];if(_typeof(
key)==="object"&&key!==null)set===null&&(set=new Set),set.add(key);else{var item2=b.get(key);if(item2===void 0&&!b.has(key)||!innerDeepEqual(item1,item2,strict,
memo)){if(strict||!mapMightHaveLoosePrim(a,b,key,item1,memo))return!1;set===null&&(set=new Set),set.add(key)}}}if(set!==null){for(var bEntries=arrayFromMap(b),_i2=0;_i2<
bEntries.length;_i2++){var _bEntries$_i=_slicedToArray(bEntries[_i2],2),_key=_bEntries$_i[0],item=_bEntries$_i[1];if(_typeof(_key)==="object"&&_key!==null){if(!mapHasEqualEntry(
set,a,_key,item,strict,memo))return!1}else if(!strict&&(!a.has(_key)||!innerDeepEqual(a.get(_key),item,!1,memo))&&!mapHasEqualEntry(set,a,_key,item,!1,memo))return!1}
return set.size===0}return!0}function objEquiv(a,b,strict,keys,memos,iterationType){var i=0;if(iterationType===kIsSet){if(!setEquiv(a,b,strict,memos))return!1}else if(iterationType===
kIsMap){if(!mapEquiv(a,b,strict,memos))return!1}else if(iterationType===kIsArray)for(;i<a.length;i++)if(hasOwnProperty(a,i)){if(!hasOwnProperty(b,i)||!innerDeepEqual(
a[i],b[i],strict,memos))return!1}else{if(hasOwnProperty(b,i))return!1;for(var keysA=Object.keys(a);i<keysA.length;i++){var key=keysA[i];if(!hasOwnProperty(b,key)||
!innerDeepEqual(a[key],b[key],strict,memos))return!1}return keysA.length===Object.keys(b).length}for(i=0;i<keys.length;i++){var _key2=keys[i];if(!innerDeepEqual(
a[_key2],b[_key2],strict,memos))return!1}return!0}function isDeepEqual(val1,val2){return innerDeepEqual(val1,val2,kLoose)}function isDeepStrictEqual(val1,val2){
return innerDeepEqual(val1,val2,kStrict)}module2.exports={isDeepEqual,isDeepStrictEqual}}});var{inspectOf,format,kind}=native,custom=Symbol.for("nodejs.util.inspect.custom"),promisified=Symbol.for("nodejs.util.promisify.custom");function inspect(value,options,...old){
return(typeof options=="boolean"||old.length>0)&&(options={showHidden:options??!1,depth:old[0],colors:old[1]}),inspectOf(value,options)}inspect.custom=custom;inspect.
defaultOptions={showHidden:!1,depth:2,colors:!1,customInspect:!0,showProxy:!1,maxArrayLength:100,maxStringLength:1e4,breakLength:80,compact:3,sorted:!1,getters:!1,
numericSeparator:!1};var colors={reset:[0,0],bold:[1,22],dim:[2,22],italic:[3,23],underline:[4,24],blink:[5,25],inverse:[7,27],hidden:[8,28],strikethrough:[9,29],
doubleunderline:[21,24],black:[30,39],red:[31,39],green:[32,39],yellow:[33,39],blue:[34,39],magenta:[35,39],cyan:[36,39],white:[37,39],gray:[90,39],grey:[90,39],
redBright:[91,39],greenBright:[92,39],yellowBright:[93,39],blueBright:[94,39],magentaBright:[95,39],cyanBright:[96,39],whiteBright:[97,39],bgBlack:[40,49],bgRed:[
41,49],bgGreen:[42,49],bgYellow:[43,49],bgBlue:[44,49],bgMagenta:[45,49],bgCyan:[46,49],bgWhite:[47,49]};inspect.colors=Object.assign(Object.create(null),colors);
inspect.styles=Object.assign(Object.create(null),{special:"cyan",number:"yellow",bigint:"yellow",boolean:"yellow",undefined:"grey",null:"bold",string:"green",symbol:"\
green",date:"magenta",regexp:"red",module:"underline"});function received(v){return v==null?` Received ${v}`:typeof v=="function"?` Received function ${v.name}`:
typeof v=="object"?v.constructor?.name?` Received an instance of ${v.constructor.name}`:` Received ${inspect(v,{depth:-1})}`:` Received type ${typeof v} (${inspect(
v)})`}function need(name,wanted,v){if(typeof v===wanted)return;let error=new TypeError(`The "${name}" argument must be of type ${wanted}.${received(v)}`);throw Object.
assign(error,{code:"ERR_INVALID_ARG_TYPE"})}function promisify(original){if(need("original","function",original),original[promisified]){let fn2=original[promisified];
return need("util.promisify.custom","function",fn2),Object.defineProperty(fn2,promisified,{value:fn2,enumerable:!1,writable:!1,configurable:!0})}if(original===globalThis.
setTimeout)return require("timers/promises").setTimeout;if(original===globalThis.setImmediate)return require("timers/promises").setImmediate;function fn(...args){
return new Promise((resolve,reject)=>{Reflect.apply(original,this,[...args,(error,...values)=>error?reject(error):resolve(values[0])])})}return Object.setPrototypeOf(
fn,Object.getPrototypeOf(original)),Object.defineProperty(fn,promisified,{value:fn,enumerable:!1,writable:!1,configurable:!0}),Object.defineProperties(fn,Object.
getOwnPropertyDescriptors(original))}promisify.custom=promisified;function callbackify(original){need("original","function",original);function callbackified(...args){
let done=args.pop();need("last argument","function",done);let{nextTick}=require("process");Reflect.apply(original,this,args).then(value=>nextTick(done.bind(this,
null,value)),reason=>{reason||(reason=Object.assign(new Error("Promise was rejected with falsy value"),{reason,code:"ERR_FALSY_VALUE_REJECTION"})),nextTick(done.
bind(this,reason))})}let descriptors=Object.getOwnPropertyDescriptors(original);return typeof descriptors.length.value=="number"&&descriptors.length.value++,typeof descriptors.
name.value=="string"&&(descriptors.name.value+="Callbackified"),Object.defineProperties(callbackified,descriptors)}var warned=new Set;function deprecate(fn,message,code){
let said=!1;function deprecated(...args){return said||(said=!0,(code===void 0||!warned.has(code))&&(warned.add(code),require("process").emitWarning(message,"Dep\
recationWarning",code))),new.target?Reflect.construct(fn,args,new.target):Reflect.apply(fn,this,args)}return Object.setPrototypeOf(deprecated,fn),fn.prototype&&
(deprecated.prototype=fn.prototype),deprecated}function inherits(ctor,superCtor){need("ctor","function",ctor),need("superCtor","function",superCtor),superCtor.prototype===
void 0&&need("superCtor.prototype","object",superCtor.prototype),Object.defineProperty(ctor,"super_",{value:superCtor,writable:!0,configurable:!0}),Object.setPrototypeOf(
ctor.prototype,superCtor.prototype)}function debuglog(set){let enabled=String(require("process").env.NODE_DEBUG??"").toLowerCase().split(/[\s,]+/).includes(set.
toLowerCase());return Object.defineProperty((...args)=>{enabled&&console.error(`${set.toUpperCase()} 1: ${format(...args)}`)},"enabled",{get:()=>enabled,configurable:!0,
enumerable:!0})}function styleText(style,text,{validateStream=!0}={}){let before="",after="";for(let name of[].concat(style)){let codes=inspect.colors[name];if(codes===
void 0)throw Object.assign(new TypeError(`The argument 'format' must be one of: ${Object.keys(colors).map(c=>`'${c}'`).join(", ")}.${received(name)}`),{code:"ER\
R_INVALID_ARG_VALUE"});before+=`\x1B[${codes[0]}m`,after=`\x1B[${codes[1]}m`+after}return validateStream?`${text}`:before+text+after}var is=(...names)=>v=>typeof v==
"object"&&v!==null&&names.includes(kind(v)),arrays=["Int8Array","Uint8Array","Uint8ClampedArray","Int16Array","Uint16Array","Int32Array","Uint32Array","Float32A\
rray","Float64Array","BigInt64Array","BigUint64Array"],tag=Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype),Symbol.toStringTag).get,typed=name=>v=>ArrayBuffer.
isView(v)&&tag.call(v)===name,boxes=["Number","String","Boolean","Symbol","BigInt"],tagged=(type,name)=>v=>typeof v===type&&v!==null&&kind(v)!=="Proxy"&&Object.
prototype.toString.call(v)===`[object ${name}]`,collection=(Class,name)=>{let{get,value}=Object.getOwnPropertyDescriptor(Class.prototype,name);return v=>{try{return(get??
value).call(v,v),!0}catch{return!1}}},types={isExternal:()=>!1,isModuleNamespaceObject:()=>!1,isSharedArrayBuffer:()=>!1,isDate:is("Date"),isRegExp:is("RegExp"),
isMap:collection(Map,"size"),isSet:collection(Set,"size"),isWeakMap:collection(WeakMap,"has"),isWeakSet:collection(WeakSet,"has"),isPromise:is("Promise"),isProxy:v=>v!==
null&&(typeof v=="object"||typeof v=="function")&&kind(v)==="Proxy",isArrayBuffer:is("ArrayBuffer"),isAnyArrayBuffer:is("ArrayBuffer"),isDataView:v=>ArrayBuffer.
isView(v)&&tag.call(v)===void 0,isArrayBufferView:ArrayBuffer.isView,isTypedArray:v=>ArrayBuffer.isView(v)&&tag.call(v)!==void 0,isNativeError:is("Error"),isArgumentsObject:is(
"Arguments"),isGeneratorObject:tagged("object","Generator"),isMapIterator:tagged("object","Map Iterator"),isSetIterator:tagged("object","Set Iterator"),isAsyncFunction:tagged(
"function","AsyncFunction"),isGeneratorFunction:tagged("function","GeneratorFunction"),isKeyObject:v=>v instanceof require("crypto").KeyObject,isCryptoKey:v=>v instanceof
globalThis.CryptoKey};for(let name of arrays)types[`is${name}`]=typed(name);for(let name of boxes)types[`is${name}Object`]=is(name);var boxed=Class=>v=>{try{return typeof v==
"object"&&Class.prototype.valueOf.call(v)!==v}catch{return!1}};types.isSymbolObject=boxed(Symbol);types.isBigIntObject=boxed(BigInt);types.isBoxedPrimitive=v=>boxes.
some(name=>types[`is${name}Object`](v));function aborted(signal){return new Promise(resolve=>signal.aborted?resolve():signal.addEventListener("abort",()=>resolve(),
{once:!0}))}module.exports={inspect,format:(...args)=>format(...args),formatWithOptions:(options,...args)=>format(...args),promisify,callbackify,deprecate,inherits,
debuglog,debug:debuglog,styleText,types,aborted,isDeepStrictEqual:(a,b)=>require_comparisons().isDeepStrictEqual(a,b),stripVTControlCharacters:text=>(need("str",
"string",text),text.replace(/[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d\/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d\/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]))/g,
"")),toUSVString:text=>`${text}`.toWellFormed(),getSystemErrorName:n=>({"-2":"ENOENT","-13":"EACCES","-111":"ECONNREFUSED","-104":"ECONNRESET","-110":"ETIMEDOUT"})[n],
log:(...args)=>console.log("%s - %s",new Date().toString().slice(4,24),format(...args)),_extend:(target,source)=>source===null||typeof source!="object"?target:Object.
assign(target,source),get TextEncoder(){return globalThis.TextEncoder},get TextDecoder(){return globalThis.TextDecoder},isArray:Array.isArray,isBoolean:v=>typeof v==
"boolean",isNull:v=>v===null,isNullOrUndefined:v=>v==null,isNumber:v=>typeof v=="number",isString:v=>typeof v=="string",isSymbol:v=>typeof v=="symbol",isUndefined:v=>v===
void 0,isRegExp:types.isRegExp,isObject:v=>v!==null&&typeof v=="object",isDate:types.isDate,isError:v=>types.isNativeError(v)||v instanceof Error,isFunction:v=>typeof v==
"function",isBuffer:v=>globalThis.Buffer.isBuffer(v),isPrimitive:v=>v===null||typeof v!="object"&&typeof v!="function"};Object.defineProperty(module.exports,"re\
ceived",{value:received});
