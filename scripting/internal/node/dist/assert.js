"use strict";var __getOwnPropNames=Object.getOwnPropertyNames;var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var require_errors=__commonJS({"../node_modules/assert/build/internal/errors.js"(exports2,module2){"use strict";function _typeof(o){"@babel/helpers - typeof";return _typeof=
typeof Symbol=="function"&&typeof Symbol.iterator=="symbol"?function(o2){return typeof o2}:function(o2){return o2&&typeof Symbol=="function"&&o2.constructor===Symbol&&
o2!==Symbol.prototype?"symbol":typeof o2},_typeof(o)}function _defineProperties(target,props){for(var i=0;i<props.length;i++){var descriptor=props[i];descriptor.
enumerable=descriptor.enumerable||!1,descriptor.configurable=!0,"value"in descriptor&&(descriptor.writable=!0),Object.defineProperty(target,_toPropertyKey(descriptor.
key),descriptor)}}function _createClass(Constructor,protoProps,staticProps){return protoProps&&_defineProperties(Constructor.prototype,protoProps),staticProps&&
_defineProperties(Constructor,staticProps),Object.defineProperty(Constructor,"prototype",{writable:!1}),Constructor}function _toPropertyKey(arg){var key=_toPrimitive(
arg,"string");return _typeof(key)==="symbol"?key:String(key)}function _toPrimitive(input,hint){if(_typeof(input)!=="object"||input===null)return input;var prim=input[Symbol.
toPrimitive];if(prim!==void 0){var res=prim.call(input,hint||"default");if(_typeof(res)!=="object")return res;throw new TypeError("@@toPrimitive must return a p\
rimitive value.")}return(hint==="string"?String:Number)(input)}function _classCallCheck(instance,Constructor){if(!(instance instanceof Constructor))throw new TypeError(
"Cannot call a class as a function")}function _inherits(subClass,superClass){if(typeof superClass!="function"&&superClass!==null)throw new TypeError("Super expr\
ession must either be null or a function");subClass.prototype=Object.create(superClass&&superClass.prototype,{constructor:{value:subClass,writable:!0,configurable:!0}}),
Object.defineProperty(subClass,"prototype",{writable:!1}),superClass&&_setPrototypeOf(subClass,superClass)}function _setPrototypeOf(o,p){return _setPrototypeOf=
Object.setPrototypeOf?Object.setPrototypeOf.bind():function(o2,p2){return o2.__proto__=p2,o2},_setPrototypeOf(o,p)}function _createSuper(Derived){var hasNativeReflectConstruct=_isNativeReflectConstruct();
return function(){var Super=_getPrototypeOf(Derived),result;if(hasNativeReflectConstruct){var NewTarget=_getPrototypeOf(this).constructor;result=Reflect.construct(
Super,arguments,NewTarget)}else result=Super.apply(this,arguments);return _possibleConstructorReturn(this,result)}}function _possibleConstructorReturn(self,call){
if(call&&(_typeof(call)==="object"||typeof call=="function"))return call;if(call!==void 0)throw new TypeError("Derived constructors may only return object or un\
defined");return _assertThisInitialized(self)}function _assertThisInitialized(self){if(self===void 0)throw new ReferenceError("this hasn't been initialised - su\
per() hasn't been called");return self}function _isNativeReflectConstruct(){if(typeof Reflect>"u"||!Reflect.construct||Reflect.construct.sham)return!1;if(typeof Proxy==
"function")return!0;try{return Boolean.prototype.valueOf.call(Reflect.construct(Boolean,[],function(){})),!0}catch{return!1}}function _getPrototypeOf(o){return _getPrototypeOf=
Object.setPrototypeOf?Object.getPrototypeOf.bind():function(o2){return o2.__proto__||Object.getPrototypeOf(o2)},_getPrototypeOf(o)}var codes={},assert,util;function createErrorType(code,message,Base){
Base||(Base=Error);function getMessage(arg1,arg2,arg3){return typeof message=="string"?message:message(arg1,arg2,arg3)}var NodeError=(function(_Base){_inherits(
NodeError2,_Base);var _super=_createSuper(NodeError2);function NodeError2(arg1,arg2,arg3){var _this;return _classCallCheck(this,NodeError2),_this=_super.call(this,
getMessage(arg1,arg2,arg3)),_this.code=code,_this}return _createClass(NodeError2)})(Base);codes[code]=NodeError}function oneOf(expected,thing){if(Array.isArray(
expected)){var len=expected.length;return expected=expected.map(function(i){return String(i)}),len>2?"one of ".concat(thing," ").concat(expected.slice(0,len-1).
join(", "),", or ")+expected[len-1]:len===2?"one of ".concat(thing," ").concat(expected[0]," or ").concat(expected[1]):"of ".concat(thing," ").concat(expected[0])}else
return"of ".concat(thing," ").concat(String(expected))}function startsWith(str,search,pos){return str.substr(!pos||pos<0?0:+pos,search.length)===search}function endsWith(str,search,this_len){
return(this_len===void 0||this_len>str.length)&&(this_len=str.length),str.substring(this_len-search.length,this_len)===search}function includes(str,search,start){
return typeof start!="number"&&(start=0),start+search.length>str.length?!1:str.indexOf(search,start)!==-1}createErrorType("ERR_AMBIGUOUS_ARGUMENT",'The "%s" arg\
ument is ambiguous. %s',TypeError);createErrorType("ERR_INVALID_ARG_TYPE",function(name,expected,actual){assert===void 0&&(assert=require_assert()),assert(typeof name==
"string","'name' must be a string");var determiner;typeof expected=="string"&&startsWith(expected,"not ")?(determiner="must not be",expected=expected.replace(/^not /,
"")):determiner="must be";var msg;if(endsWith(name," argument"))msg="The ".concat(name," ").concat(determiner," ").concat(oneOf(expected,"type"));else{var type=includes(
name,".")?"property":"argument";msg='The "'.concat(name,'" ').concat(type," ").concat(determiner," ").concat(oneOf(expected,"type"))}return msg+=". Received typ\
e ".concat(_typeof(actual)),msg},TypeError);createErrorType("ERR_INVALID_ARG_VALUE",function(name,value){var reason=arguments.length>2&&arguments[2]!==void 0?arguments[2]:
"is invalid";util===void 0&&(util=require("util"));var inspected=util.inspect(value);return inspected.length>128&&(inspected="".concat(inspected.slice(0,128),".\
..")),"The argument '".concat(name,"' ").concat(reason,". Received ").concat(inspected)},TypeError,RangeError);createErrorType("ERR_INVALID_RETURN_VALUE",function(input,name,value){
var type;return value&&value.constructor&&value.constructor.name?type="instance of ".concat(value.constructor.name):type="type ".concat(_typeof(value)),"Expecte\
d ".concat(input,' to be returned from the "').concat(name,'"')+" function but got ".concat(type,".")},TypeError);createErrorType("ERR_MISSING_ARGS",function(){
for(var _len=arguments.length,args=new Array(_len),_key=0;_key<_len;_key++)args[_key]=arguments[_key];assert===void 0&&(assert=require_assert()),assert(args.length>
0,"At least one arg needs to be specified");var msg="The ",len=args.length;switch(args=args.map(function(a){return'"'.concat(a,'"')}),len){case 1:msg+="".concat(
args[0]," argument");break;case 2:msg+="".concat(args[0]," and ").concat(args[1]," arguments");break;default:msg+=args.slice(0,len-1).join(", "),msg+=", and ".concat(
args[len-1]," arguments");break}return"".concat(msg," must be specified")},TypeError);module2.exports.codes=codes}});var require_assertion_error=__commonJS({"../node_modules/assert/build/internal/assert/assertion_error.js"(exports2,module2){"use strict";function ownKeys(e,r){var t=Object.
keys(e);if(Object.getOwnPropertySymbols){var o=Object.getOwnPropertySymbols(e);r&&(o=o.filter(function(r2){return Object.getOwnPropertyDescriptor(e,r2).enumerable})),
t.push.apply(t,o)}return t}function _objectSpread(e){for(var r=1;r<arguments.length;r++){var t=arguments[r]!=null?arguments[r]:{};r%2?ownKeys(Object(t),!0).forEach(
function(r2){_defineProperty(e,r2,t[r2])}):Object.getOwnPropertyDescriptors?Object.defineProperties(e,Object.getOwnPropertyDescriptors(t)):ownKeys(Object(t)).forEach(
function(r2){Object.defineProperty(e,r2,Object.getOwnPropertyDescriptor(t,r2))})}return e}function _defineProperty(obj,key,value){return key=_toPropertyKey(key),
key in obj?Object.defineProperty(obj,key,{value,enumerable:!0,configurable:!0,writable:!0}):obj[key]=value,obj}function _classCallCheck(instance,Constructor){if(!(instance instanceof
Constructor))throw new TypeError("Cannot call a class as a function")}function _defineProperties(target,props){for(var i=0;i<props.length;i++){var descriptor=props[i];
descriptor.enumerable=descriptor.enumerable||!1,descriptor.configurable=!0,"value"in descriptor&&(descriptor.writable=!0),Object.defineProperty(target,_toPropertyKey(
descriptor.key),descriptor)}}function _createClass(Constructor,protoProps,staticProps){return protoProps&&_defineProperties(Constructor.prototype,protoProps),staticProps&&
_defineProperties(Constructor,staticProps),Object.defineProperty(Constructor,"prototype",{writable:!1}),Constructor}function _toPropertyKey(arg){var key=_toPrimitive(
arg,"string");return _typeof(key)==="symbol"?key:String(key)}function _toPrimitive(input,hint){if(_typeof(input)!=="object"||input===null)return input;var prim=input[Symbol.
toPrimitive];if(prim!==void 0){var res=prim.call(input,hint||"default");if(_typeof(res)!=="object")return res;throw new TypeError("@@toPrimitive must return a p\
rimitive value.")}return(hint==="string"?String:Number)(input)}function _inherits(subClass,superClass){if(typeof superClass!="function"&&superClass!==null)throw new TypeError(
"Super expression must either be null or a function");subClass.prototype=Object.create(superClass&&superClass.prototype,{constructor:{value:subClass,writable:!0,
configurable:!0}}),Object.defineProperty(subClass,"prototype",{writable:!1}),superClass&&_setPrototypeOf(subClass,superClass)}function _createSuper(Derived){var hasNativeReflectConstruct=_isNativeReflectConstruct();
return function(){var Super=_getPrototypeOf(Derived),result;if(hasNativeReflectConstruct){var NewTarget=_getPrototypeOf(this).constructor;result=Reflect.construct(
Super,arguments,NewTarget)}else result=Super.apply(this,arguments);return _possibleConstructorReturn(this,result)}}function _possibleConstructorReturn(self,call){
if(call&&(_typeof(call)==="object"||typeof call=="function"))return call;if(call!==void 0)throw new TypeError("Derived constructors may only return object or un\
defined");return _assertThisInitialized(self)}function _assertThisInitialized(self){if(self===void 0)throw new ReferenceError("this hasn't been initialised - su\
per() hasn't been called");return self}function _wrapNativeSuper(Class){var _cache=typeof Map=="function"?new Map:void 0;return _wrapNativeSuper=function(Class2){
if(Class2===null||!_isNativeFunction(Class2))return Class2;if(typeof Class2!="function")throw new TypeError("Super expression must either be null or a function");
if(typeof _cache<"u"){if(_cache.has(Class2))return _cache.get(Class2);_cache.set(Class2,Wrapper)}function Wrapper(){return _construct(Class2,arguments,_getPrototypeOf(
this).constructor)}return Wrapper.prototype=Object.create(Class2.prototype,{constructor:{value:Wrapper,enumerable:!1,writable:!0,configurable:!0}}),_setPrototypeOf(
Wrapper,Class2)},_wrapNativeSuper(Class)}function _construct(Parent,args,Class){return _isNativeReflectConstruct()?_construct=Reflect.construct.bind():_construct=
function(Parent2,args2,Class2){var a=[null];a.push.apply(a,args2);var Constructor=Function.bind.apply(Parent2,a),instance=new Constructor;return Class2&&_setPrototypeOf(
instance,Class2.prototype),instance},_construct.apply(null,arguments)}function _isNativeReflectConstruct(){if(typeof Reflect>"u"||!Reflect.construct||Reflect.construct.
sham)return!1;if(typeof Proxy=="function")return!0;try{return Boolean.prototype.valueOf.call(Reflect.construct(Boolean,[],function(){})),!0}catch{return!1}}function _isNativeFunction(fn){
return Function.toString.call(fn).indexOf("[native code]")!==-1}function _setPrototypeOf(o,p){return _setPrototypeOf=Object.setPrototypeOf?Object.setPrototypeOf.
bind():function(o2,p2){return o2.__proto__=p2,o2},_setPrototypeOf(o,p)}function _getPrototypeOf(o){return _getPrototypeOf=Object.setPrototypeOf?Object.getPrototypeOf.
bind():function(o2){return o2.__proto__||Object.getPrototypeOf(o2)},_getPrototypeOf(o)}function _typeof(o){"@babel/helpers - typeof";return _typeof=typeof Symbol==
"function"&&typeof Symbol.iterator=="symbol"?function(o2){return typeof o2}:function(o2){return o2&&typeof Symbol=="function"&&o2.constructor===Symbol&&o2!==Symbol.
prototype?"symbol":typeof o2},_typeof(o)}var _require=require("util"),inspect=_require.inspect,_require2=require_errors(),ERR_INVALID_ARG_TYPE=_require2.codes.ERR_INVALID_ARG_TYPE;
function endsWith(str,search,this_len){return(this_len===void 0||this_len>str.length)&&(this_len=str.length),str.substring(this_len-search.length,this_len)===search}
function repeat(str,count){if(count=Math.floor(count),str.length==0||count==0)return"";var maxCount=str.length*count;for(count=Math.floor(Math.log(count)/Math.log(
2));count;)str+=str,count--;return str+=str.substring(0,maxCount-str.length),str}var blue="",green="",red="",white="",kReadableOperator={deepStrictEqual:"Expect\
ed values to be strictly deep-equal:",strictEqual:"Expected values to be strictly equal:",strictEqualObject:'Expected "actual" to be reference-equal to "expecte\
d":',deepEqual:"Expected values to be loosely deep-equal:",equal:"Expected values to be loosely equal:",notDeepStrictEqual:'Expected "actual" not to be strictly\
 deep-equal to:',notStrictEqual:'Expected "actual" to be strictly unequal to:',notStrictEqualObject:'Expected "actual" not to be reference-equal to "expected":',
notDeepEqual:'Expected "actual" not to be loosely deep-equal to:',notEqual:'Expected "actual" to be loosely unequal to:',notIdentical:"Values identical but not \
reference-equal:"},kMaxShortLength=10;function copyError(source){var keys=Object.keys(source),target=Object.create(Object.getPrototypeOf(source));return keys.forEach(
function(key){target[key]=source[key]}),Object.defineProperty(target,"message",{value:source.message}),target}function inspectValue(val){return inspect(val,{compact:!1,
customInspect:!1,depth:1e3,maxArrayLength:1/0,showHidden:!1,breakLength:1/0,showProxy:!1,sorted:!0,getters:!0})}function createErrDiff(actual,expected,operator){
var other="",res="",lastPos=0,end="",skipped=!1,actualInspected=inspectValue(actual),actualLines=actualInspected.split(`
`),expectedLines=inspectValue(expected).split(`
`),i=0,indicator="";if(operator==="strictEqual"&&_typeof(actual)==="object"&&_typeof(expected)==="object"&&actual!==null&&expected!==null&&(operator="strictEqua\
lObject"),actualLines.length===1&&expectedLines.length===1&&actualLines[0]!==expectedLines[0]){var inputLength=actualLines[0].length+expectedLines[0].length;if(inputLength<=
kMaxShortLength){if((_typeof(actual)!=="object"||actual===null)&&(_typeof(expected)!=="object"||expected===null)&&(actual!==0||expected!==0))return"".concat(kReadableOperator[operator],
`

`)+"".concat(actualLines[0]," !== ").concat(expectedLines[0],`
`)}else if(operator!=="strictEqualObject"){var maxLength=process.stderr&&process.stderr.isTTY?process.stderr.columns:80;if(inputLength<maxLength){for(;actualLines[0][i]===
expectedLines[0][i];)i++;i>2&&(indicator=`
  `.concat(repeat(" ",i),"^"),i=0)}}}for(var a=actualLines[actualLines.length-1],b=expectedLines[expectedLines.length-1];a===b&&(i++<2?end=`
  `.concat(a).concat(end):other=a,actualLines.pop(),expectedLines.pop(),!(actualLines.length===0||expectedLines.length===0));)a=actualLines[actualLines.length-1],
b=expectedLines[expectedLines.length-1];var maxLines=Math.max(actualLines.length,expectedLines.length);if(maxLines===0){var _actualLines=actualInspected.split(`\

`);if(_actualLines.length>30)for(_actualLines[26]="".concat(blue,"...").concat(white);_actualLines.length>27;)_actualLines.pop();return"".concat(kReadableOperator.
notIdentical,`

`).concat(_actualLines.join(`
`),`
`)}i>3&&(end=`
`.concat(blue,"...").concat(white).concat(end),skipped=!0),other!==""&&(end=`
  `.concat(other).concat(end),other="");var printedLines=0,msg=kReadableOperator[operator]+`
`.concat(green,"+ actual").concat(white," ").concat(red,"- expected").concat(white),skippedMsg=" ".concat(blue,"...").concat(white," Lines skipped");for(i=0;i<maxLines;i++){
var cur=i-lastPos;if(actualLines.length<i+1)cur>1&&i>2&&(cur>4?(res+=`
`.concat(blue,"...").concat(white),skipped=!0):cur>3&&(res+=`
  `.concat(expectedLines[i-2]),printedLines++),res+=`
  `.concat(expectedLines[i-1]),printedLines++),lastPos=i,other+=`
`.concat(red,"-").concat(white," ").concat(expectedLines[i]),printedLines++;else if(expectedLines.length<i+1)cur>1&&i>2&&(cur>4?(res+=`
`.concat(blue,"...").concat(white),skipped=!0):cur>3&&(res+=`
  `.concat(actualLines[i-2]),printedLines++),res+=`
  `.concat(actualLines[i-1]),printedLines++),lastPos=i,res+=`
`.concat(green,"+").concat(white," ").concat(actualLines[i]),printedLines++;else{var expectedLine=expectedLines[i],actualLine=actualLines[i],divergingLines=actualLine!==
expectedLine&&(!endsWith(actualLine,",")||actualLine.slice(0,-1)!==expectedLine);divergingLines&&endsWith(expectedLine,",")&&expectedLine.slice(0,-1)===actualLine&&
(divergingLines=!1,actualLine+=","),divergingLines?(cur>1&&i>2&&(cur>4?(res+=`
`.concat(blue,"...").concat(white),skipped=!0):cur>3&&(res+=`
  `.concat(actualLines[i-2]),printedLines++),res+=`
  `.concat(actualLines[i-1]),printedLines++),lastPos=i,res+=`
`.concat(green,"+").concat(white," ").concat(actualLine),other+=`
`.concat(red,"-").concat(white," ").concat(expectedLine),printedLines+=2):(res+=other,other="",(cur===1||i===0)&&(res+=`
  `.concat(actualLine),printedLines++))}if(printedLines>20&&i<maxLines-2)return"".concat(msg).concat(skippedMsg,`
`).concat(res,`
`).concat(blue,"...").concat(white).concat(other,`
`)+"".concat(blue,"...").concat(white)}return"".concat(msg).concat(skipped?skippedMsg:"",`
`).concat(res).concat(other).concat(end).concat(indicator)}var AssertionError=(function(_Error,_inspect$custom){_inherits(AssertionError2,_Error);var _super=_createSuper(
AssertionError2);function AssertionError2(options){var _this;if(_classCallCheck(this,AssertionError2),_typeof(options)!=="object"||options===null)throw new ERR_INVALID_ARG_TYPE(
"options","Object",options);var message=options.message,operator=options.operator,stackStartFn=options.stackStartFn,actual=options.actual,expected=options.expected,
limit=Error.stackTraceLimit;if(Error.stackTraceLimit=0,message!=null)_this=_super.call(this,String(message));else if(process.stderr&&process.stderr.isTTY&&(process.
stderr&&process.stderr.getColorDepth&&process.stderr.getColorDepth()!==1?(blue="\x1B[34m",green="\x1B[32m",white="\x1B[39m",red="\x1B[31m"):(blue="",green="",white=
"",red="")),_typeof(actual)==="object"&&actual!==null&&_typeof(expected)==="object"&&expected!==null&&"stack"in actual&&actual instanceof Error&&"stack"in expected&&
expected instanceof Error&&(actual=copyError(actual),expected=copyError(expected)),operator==="deepStrictEqual"||operator==="strictEqual")_this=_super.call(this,
createErrDiff(actual,expected,operator));else if(operator==="notDeepStrictEqual"||operator==="notStrictEqual"){var base=kReadableOperator[operator],res=inspectValue(
actual).split(`
`);if(operator==="notStrictEqual"&&_typeof(actual)==="object"&&actual!==null&&(base=kReadableOperator.notStrictEqualObject),res.length>30)for(res[26]="".concat(
blue,"...").concat(white);res.length>27;)res.pop();res.length===1?_this=_super.call(this,"".concat(base," ").concat(res[0])):_this=_super.call(this,"".concat(base,
`

`).concat(res.join(`
`),`
`))}else{var _res=inspectValue(actual),other="",knownOperators=kReadableOperator[operator];operator==="notDeepEqual"||operator==="notEqual"?(_res="".concat(kReadableOperator[operator],
`

`).concat(_res),_res.length>1024&&(_res="".concat(_res.slice(0,1021),"..."))):(other="".concat(inspectValue(expected)),_res.length>512&&(_res="".concat(_res.slice(
0,509),"...")),other.length>512&&(other="".concat(other.slice(0,509),"...")),operator==="deepEqual"||operator==="equal"?_res="".concat(knownOperators,`

`).concat(_res,`

should equal

`):other=" ".concat(operator," ").concat(other)),_this=_super.call(this,"".concat(_res).concat(other))}return Error.stackTraceLimit=limit,_this.generatedMessage=
!message,Object.defineProperty(_assertThisInitialized(_this),"name",{value:"AssertionError [ERR_ASSERTION]",enumerable:!1,writable:!0,configurable:!0}),_this.code=
"ERR_ASSERTION",_this.actual=actual,_this.expected=expected,_this.operator=operator,Error.captureStackTrace&&Error.captureStackTrace(_assertThisInitialized(_this),
stackStartFn),_this.stack,_this.name="AssertionError",_possibleConstructorReturn(_this)}return _createClass(AssertionError2,[{key:"toString",value:function(){return"".
concat(this.name," [").concat(this.code,"]: ").concat(this.message)}},{key:_inspect$custom,value:function(recurseTimes,ctx){return inspect(this,_objectSpread(_objectSpread(
{},ctx),{},{customInspect:!1,depth:0}))}}]),AssertionError2})(_wrapNativeSuper(Error),inspect.custom);module2.exports=AssertionError}});var require_module_exports_Object=__commonJS({"text:module.exports = () => Object.assign;"(exports2,module2){module2.exports=()=>Object.assign}});var require_module_exports_Object2=__commonJS({"text:module.exports = () => Object.is;"(exports2,module2){module2.exports=()=>Object.is}});var require_module_exports_path_let_of_globalThis_for_const_name_of_path_split_of_of_name_return_Function_prototype_call=__commonJS({'text:module.exports = (pat\
h) => {\n  let of = globalThis;\n  for (const name of path.split(".")) of = of[name];\n  return Function.prototype.call.bind(of);\n};'(exports2,module2){module2.
exports=path=>{let of=globalThis;for(let name of path.split("."))of=of[name];return Function.prototype.call.bind(of)}}});var require_module_exports_Object3=__commonJS({"text:module.exports = Object.is;"(exports2,module2){module2.exports=Object.is}});var require_module_exports_Number=__commonJS({"text:module.exports = Number.isNaN;"(exports2,module2){module2.exports=Number.isNaN}});var require_comparisons=__commonJS({"../node_modules/assert/build/internal/util/comparisons.js"(exports2,module2){"use strict";function _slicedToArray(arr,i){return _arrayWithHoles(
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
is?Object.is:require_module_exports_Object3(),objectGetOwnPropertySymbols=Object.getOwnPropertySymbols?Object.getOwnPropertySymbols:function(){return[]},numberIsNaN=Number.
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
return innerDeepEqual(val1,val2,kStrict)}module2.exports={isDeepEqual,isDeepStrictEqual}}});var require_assert=__commonJS({"../node_modules/assert/build/assert.js"(exports2,module2){"use strict";function _typeof(o){"@babel/helpers - typeof";return _typeof=
typeof Symbol=="function"&&typeof Symbol.iterator=="symbol"?function(o2){return typeof o2}:function(o2){return o2&&typeof Symbol=="function"&&o2.constructor===Symbol&&
o2!==Symbol.prototype?"symbol":typeof o2},_typeof(o)}function _defineProperties(target,props){for(var i=0;i<props.length;i++){var descriptor=props[i];descriptor.
enumerable=descriptor.enumerable||!1,descriptor.configurable=!0,"value"in descriptor&&(descriptor.writable=!0),Object.defineProperty(target,_toPropertyKey(descriptor.
key),descriptor)}}function _createClass(Constructor,protoProps,staticProps){return protoProps&&_defineProperties(Constructor.prototype,protoProps),staticProps&&
_defineProperties(Constructor,staticProps),Object.defineProperty(Constructor,"prototype",{writable:!1}),Constructor}function _toPropertyKey(arg){var key=_toPrimitive(
arg,"string");return _typeof(key)==="symbol"?key:String(key)}function _toPrimitive(input,hint){if(_typeof(input)!=="object"||input===null)return input;var prim=input[Symbol.
toPrimitive];if(prim!==void 0){var res=prim.call(input,hint||"default");if(_typeof(res)!=="object")return res;throw new TypeError("@@toPrimitive must return a p\
rimitive value.")}return(hint==="string"?String:Number)(input)}function _classCallCheck(instance,Constructor){if(!(instance instanceof Constructor))throw new TypeError(
"Cannot call a class as a function")}var _require=require_errors(),_require$codes=_require.codes,ERR_AMBIGUOUS_ARGUMENT=_require$codes.ERR_AMBIGUOUS_ARGUMENT,ERR_INVALID_ARG_TYPE=_require$codes.
ERR_INVALID_ARG_TYPE,ERR_INVALID_ARG_VALUE=_require$codes.ERR_INVALID_ARG_VALUE,ERR_INVALID_RETURN_VALUE=_require$codes.ERR_INVALID_RETURN_VALUE,ERR_MISSING_ARGS=_require$codes.
ERR_MISSING_ARGS,AssertionError=require_assertion_error(),_require2=require("util"),inspect=_require2.inspect,_require$types=require("util").types,isPromise=_require$types.
isPromise,isRegExp=_require$types.isRegExp,objectAssign=require_module_exports_Object()(),objectIs=require_module_exports_Object2()(),RegExpPrototypeTest=require_module_exports_path_let_of_globalThis_for_const_name_of_path_split_of_of_name_return_Function_prototype_call()(
"RegExp.prototype.test"),isDeepEqual,isDeepStrictEqual;function lazyLoadComparison(){var comparison=require_comparisons();isDeepEqual=comparison.isDeepEqual,isDeepStrictEqual=
comparison.isDeepStrictEqual}var warned=!1,assert=module2.exports=ok,NO_EXCEPTION_SENTINEL={};function innerFail(obj){throw obj.message instanceof Error?obj.message:
new AssertionError(obj)}function fail(actual,expected,message,operator,stackStartFn){var argsLen=arguments.length,internalMessage;if(argsLen===0)internalMessage=
"Failed";else if(argsLen===1)message=actual,actual=void 0;else{if(warned===!1){warned=!0;var warn=process.emitWarning?process.emitWarning:console.warn.bind(console);
warn("assert.fail() with more than one argument is deprecated. Please use assert.strictEqual() instead or only pass a message.","DeprecationWarning","DEP0094")}
argsLen===2&&(operator="!=")}if(message instanceof Error)throw message;var errArgs={actual,expected,operator:operator===void 0?"fail":operator,stackStartFn:stackStartFn||
fail};message!==void 0&&(errArgs.message=message);var err=new AssertionError(errArgs);throw internalMessage&&(err.message=internalMessage,err.generatedMessage=!0),
err}assert.fail=fail;assert.AssertionError=AssertionError;function innerOk(fn,argLen,value,message){if(!value){var generatedMessage=!1;if(argLen===0)generatedMessage=
!0,message="No value argument passed to `assert.ok()`";else if(message instanceof Error)throw message;var err=new AssertionError({actual:value,expected:!0,message,
operator:"==",stackStartFn:fn});throw err.generatedMessage=generatedMessage,err}}function ok(){for(var _len=arguments.length,args=new Array(_len),_key=0;_key<_len;_key++)
args[_key]=arguments[_key];innerOk.apply(void 0,[ok,args.length].concat(args))}assert.ok=ok;assert.equal=function equal(actual,expected,message){if(arguments.length<
2)throw new ERR_MISSING_ARGS("actual","expected");actual!=expected&&innerFail({actual,expected,message,operator:"==",stackStartFn:equal})};assert.notEqual=function notEqual(actual,expected,message){
if(arguments.length<2)throw new ERR_MISSING_ARGS("actual","expected");actual==expected&&innerFail({actual,expected,message,operator:"!=",stackStartFn:notEqual})};
assert.deepEqual=function deepEqual(actual,expected,message){if(arguments.length<2)throw new ERR_MISSING_ARGS("actual","expected");isDeepEqual===void 0&&lazyLoadComparison(),
isDeepEqual(actual,expected)||innerFail({actual,expected,message,operator:"deepEqual",stackStartFn:deepEqual})};assert.notDeepEqual=function notDeepEqual(actual,expected,message){
if(arguments.length<2)throw new ERR_MISSING_ARGS("actual","expected");isDeepEqual===void 0&&lazyLoadComparison(),isDeepEqual(actual,expected)&&innerFail({actual,
expected,message,operator:"notDeepEqual",stackStartFn:notDeepEqual})};assert.deepStrictEqual=function deepStrictEqual(actual,expected,message){if(arguments.length<
2)throw new ERR_MISSING_ARGS("actual","expected");isDeepEqual===void 0&&lazyLoadComparison(),isDeepStrictEqual(actual,expected)||innerFail({actual,expected,message,
operator:"deepStrictEqual",stackStartFn:deepStrictEqual})};assert.notDeepStrictEqual=notDeepStrictEqual;function notDeepStrictEqual(actual,expected,message){if(arguments.
length<2)throw new ERR_MISSING_ARGS("actual","expected");isDeepEqual===void 0&&lazyLoadComparison(),isDeepStrictEqual(actual,expected)&&innerFail({actual,expected,
message,operator:"notDeepStrictEqual",stackStartFn:notDeepStrictEqual})}assert.strictEqual=function strictEqual(actual,expected,message){if(arguments.length<2)throw new ERR_MISSING_ARGS(
"actual","expected");objectIs(actual,expected)||innerFail({actual,expected,message,operator:"strictEqual",stackStartFn:strictEqual})};assert.notStrictEqual=function notStrictEqual(actual,expected,message){
if(arguments.length<2)throw new ERR_MISSING_ARGS("actual","expected");objectIs(actual,expected)&&innerFail({actual,expected,message,operator:"notStrictEqual",stackStartFn:notStrictEqual})};
var Comparison=_createClass(function Comparison2(obj,keys,actual){var _this=this;_classCallCheck(this,Comparison2),keys.forEach(function(key){key in obj&&(actual!==
void 0&&typeof actual[key]=="string"&&isRegExp(obj[key])&&RegExpPrototypeTest(obj[key],actual[key])?_this[key]=actual[key]:_this[key]=obj[key])})});function compareExceptionKey(actual,expected,key,message,keys,fn){
if(!(key in actual)||!isDeepStrictEqual(actual[key],expected[key])){if(!message){var a=new Comparison(actual,keys),b=new Comparison(expected,keys,actual),err=new AssertionError(
{actual:a,expected:b,operator:"deepStrictEqual",stackStartFn:fn});throw err.actual=actual,err.expected=expected,err.operator=fn.name,err}innerFail({actual,expected,
message,operator:fn.name,stackStartFn:fn})}}function expectedException(actual,expected,msg,fn){if(typeof expected!="function"){if(isRegExp(expected))return RegExpPrototypeTest(
expected,actual);if(arguments.length===2)throw new ERR_INVALID_ARG_TYPE("expected",["Function","RegExp"],expected);if(_typeof(actual)!=="object"||actual===null){
var err=new AssertionError({actual,expected,message:msg,operator:"deepStrictEqual",stackStartFn:fn});throw err.operator=fn.name,err}var keys=Object.keys(expected);
if(expected instanceof Error)keys.push("name","message");else if(keys.length===0)throw new ERR_INVALID_ARG_VALUE("error",expected,"may not be an empty object");
return isDeepEqual===void 0&&lazyLoadComparison(),keys.forEach(function(key){typeof actual[key]=="string"&&isRegExp(expected[key])&&RegExpPrototypeTest(expected[key],
actual[key])||compareExceptionKey(actual,expected,key,msg,keys,fn)}),!0}return expected.prototype!==void 0&&actual instanceof expected?!0:Error.isPrototypeOf(expected)?
!1:expected.call({},actual)===!0}function getActual(fn){if(typeof fn!="function")throw new ERR_INVALID_ARG_TYPE("fn","Function",fn);try{fn()}catch(e){return e}return NO_EXCEPTION_SENTINEL}
function checkIsPromise(obj){return isPromise(obj)||obj!==null&&_typeof(obj)==="object"&&typeof obj.then=="function"&&typeof obj.catch=="function"}function waitForActual(promiseFn){
return Promise.resolve().then(function(){var resultPromise;if(typeof promiseFn=="function"){if(resultPromise=promiseFn(),!checkIsPromise(resultPromise))throw new ERR_INVALID_RETURN_VALUE(
"instance of Promise","promiseFn",resultPromise)}else if(checkIsPromise(promiseFn))resultPromise=promiseFn;else throw new ERR_INVALID_ARG_TYPE("promiseFn",["Fun\
ction","Promise"],promiseFn);return Promise.resolve().then(function(){return resultPromise}).then(function(){return NO_EXCEPTION_SENTINEL}).catch(function(e){return e})})}
function expectsError(stackStartFn,actual,error,message){if(typeof error=="string"){if(arguments.length===4)throw new ERR_INVALID_ARG_TYPE("error",["Object","Er\
ror","Function","RegExp"],error);if(_typeof(actual)==="object"&&actual!==null){if(actual.message===error)throw new ERR_AMBIGUOUS_ARGUMENT("error/message",'The e\
rror message "'.concat(actual.message,'" is identical to the message.'))}else if(actual===error)throw new ERR_AMBIGUOUS_ARGUMENT("error/message",'The error "'.concat(
actual,'" is identical to the message.'));message=error,error=void 0}else if(error!=null&&_typeof(error)!=="object"&&typeof error!="function")throw new ERR_INVALID_ARG_TYPE(
"error",["Object","Error","Function","RegExp"],error);if(actual===NO_EXCEPTION_SENTINEL){var details="";error&&error.name&&(details+=" (".concat(error.name,")")),
details+=message?": ".concat(message):".";var fnType=stackStartFn.name==="rejects"?"rejection":"exception";innerFail({actual:void 0,expected:error,operator:stackStartFn.
name,message:"Missing expected ".concat(fnType).concat(details),stackStartFn})}if(error&&!expectedException(actual,error,message,stackStartFn))throw actual}function expectsNoError(stackStartFn,actual,error,message){
if(actual!==NO_EXCEPTION_SENTINEL){if(typeof error=="string"&&(message=error,error=void 0),!error||expectedException(actual,error)){var details=message?": ".concat(
message):".",fnType=stackStartFn.name==="doesNotReject"?"rejection":"exception";innerFail({actual,expected:error,operator:stackStartFn.name,message:"Got unwante\
d ".concat(fnType).concat(details,`
`)+'Actual message: "'.concat(actual&&actual.message,'"'),stackStartFn})}throw actual}}assert.throws=function throws(promiseFn){for(var _len2=arguments.length,args=new Array(
_len2>1?_len2-1:0),_key2=1;_key2<_len2;_key2++)args[_key2-1]=arguments[_key2];expectsError.apply(void 0,[throws,getActual(promiseFn)].concat(args))};assert.rejects=
function rejects(promiseFn){for(var _len3=arguments.length,args=new Array(_len3>1?_len3-1:0),_key3=1;_key3<_len3;_key3++)args[_key3-1]=arguments[_key3];return waitForActual(
promiseFn).then(function(result){return expectsError.apply(void 0,[rejects,result].concat(args))})};assert.doesNotThrow=function doesNotThrow(fn){for(var _len4=arguments.
length,args=new Array(_len4>1?_len4-1:0),_key4=1;_key4<_len4;_key4++)args[_key4-1]=arguments[_key4];expectsNoError.apply(void 0,[doesNotThrow,getActual(fn)].concat(
args))};assert.doesNotReject=function doesNotReject(fn){for(var _len5=arguments.length,args=new Array(_len5>1?_len5-1:0),_key5=1;_key5<_len5;_key5++)args[_key5-
1]=arguments[_key5];return waitForActual(fn).then(function(result){return expectsNoError.apply(void 0,[doesNotReject,result].concat(args))})};assert.ifError=function ifError(err){
if(err!=null){var message="ifError got unwanted exception: ";_typeof(err)==="object"&&typeof err.message=="string"?err.message.length===0&&err.constructor?message+=
err.constructor.name:message+=err.message:message+=inspect(err);var newErr=new AssertionError({actual:err,expected:null,operator:"ifError",message,stackStartFn:ifError}),
origStack=err.stack;if(typeof origStack=="string"){var tmp2=origStack.split(`
`);tmp2.shift();for(var tmp1=newErr.stack.split(`
`),i=0;i<tmp2.length;i++){var pos=tmp1.indexOf(tmp2[i]);if(pos!==-1){tmp1=tmp1.slice(0,pos);break}}newErr.stack="".concat(tmp1.join(`
`),`
`).concat(tmp2.join(`
`))}throw newErr}};function internalMatch(string,regexp,message,fn,fnName){if(!isRegExp(regexp))throw new ERR_INVALID_ARG_TYPE("regexp","RegExp",regexp);var match=fnName===
"match";if(typeof string!="string"||RegExpPrototypeTest(regexp,string)!==match){if(message instanceof Error)throw message;var generatedMessage=!message;message=
message||(typeof string!="string"?'The "string" argument must be of type string. Received type '+"".concat(_typeof(string)," (").concat(inspect(string),")"):(match?
"The input did not match the regular expression ":"The input was expected to not match the regular expression ")+"".concat(inspect(regexp),`. Input:

`).concat(inspect(string),`
`));var err=new AssertionError({actual:string,expected:regexp,message,operator:fnName,stackStartFn:fn});throw err.generatedMessage=generatedMessage,err}}assert.
match=function match(string,regexp,message){internalMatch(string,regexp,message,match,"match")};assert.doesNotMatch=function doesNotMatch(string,regexp,message){
internalMatch(string,regexp,message,doesNotMatch,"doesNotMatch")};function strict(){for(var _len6=arguments.length,args=new Array(_len6),_key6=0;_key6<_len6;_key6++)
args[_key6]=arguments[_key6];innerOk.apply(void 0,[strict,args.length].concat(args))}assert.strict=objectAssign(strict,assert,{equal:assert.strictEqual,deepEqual:assert.
deepStrictEqual,notEqual:assert.notStrictEqual,notDeepEqual:assert.notDeepStrictEqual});assert.strict.strict=assert.strict}});module.exports=require_assert();
