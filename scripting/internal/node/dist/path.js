"use strict";var __getOwnPropNames=Object.getOwnPropertyNames;var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var require_path_browserify=__commonJS({"../node_modules/path-browserify/index.js"(exports2,module2){"use strict";function assertPath(path2){if(typeof path2!="s\
tring")throw new TypeError("Path must be a string. Received "+JSON.stringify(path2))}function normalizeStringPosix(path2,allowAboveRoot){for(var res="",lastSegmentLength=0,
lastSlash=-1,dots=0,code,i=0;i<=path2.length;++i){if(i<path2.length)code=path2.charCodeAt(i);else{if(code===47)break;code=47}if(code===47){if(!(lastSlash===i-1||
dots===1))if(lastSlash!==i-1&&dots===2){if(res.length<2||lastSegmentLength!==2||res.charCodeAt(res.length-1)!==46||res.charCodeAt(res.length-2)!==46){if(res.length>
2){var lastSlashIndex=res.lastIndexOf("/");if(lastSlashIndex!==res.length-1){lastSlashIndex===-1?(res="",lastSegmentLength=0):(res=res.slice(0,lastSlashIndex),lastSegmentLength=
res.length-1-res.lastIndexOf("/")),lastSlash=i,dots=0;continue}}else if(res.length===2||res.length===1){res="",lastSegmentLength=0,lastSlash=i,dots=0;continue}}
allowAboveRoot&&(res.length>0?res+="/..":res="..",lastSegmentLength=2)}else res.length>0?res+="/"+path2.slice(lastSlash+1,i):res=path2.slice(lastSlash+1,i),lastSegmentLength=
i-lastSlash-1;lastSlash=i,dots=0}else code===46&&dots!==-1?++dots:dots=-1}return res}function _format(sep,pathObject){var dir=pathObject.dir||pathObject.root,base=pathObject.
base||(pathObject.name||"")+(pathObject.ext||"");return dir?dir===pathObject.root?dir+base:dir+sep+base:base}var posix={resolve:function(){for(var resolvedPath="",
resolvedAbsolute=!1,cwd,i=arguments.length-1;i>=-1&&!resolvedAbsolute;i--){var path2;i>=0?path2=arguments[i]:(cwd===void 0&&(cwd=process.cwd()),path2=cwd),assertPath(
path2),path2.length!==0&&(resolvedPath=path2+"/"+resolvedPath,resolvedAbsolute=path2.charCodeAt(0)===47)}return resolvedPath=normalizeStringPosix(resolvedPath,!resolvedAbsolute),
resolvedAbsolute?resolvedPath.length>0?"/"+resolvedPath:"/":resolvedPath.length>0?resolvedPath:"."},normalize:function(path2){if(assertPath(path2),path2.length===
0)return".";var isAbsolute=path2.charCodeAt(0)===47,trailingSeparator=path2.charCodeAt(path2.length-1)===47;return path2=normalizeStringPosix(path2,!isAbsolute),
path2.length===0&&!isAbsolute&&(path2="."),path2.length>0&&trailingSeparator&&(path2+="/"),isAbsolute?"/"+path2:path2},isAbsolute:function(path2){return assertPath(
path2),path2.length>0&&path2.charCodeAt(0)===47},join:function(){if(arguments.length===0)return".";for(var joined,i=0;i<arguments.length;++i){var arg=arguments[i];
assertPath(arg),arg.length>0&&(joined===void 0?joined=arg:joined+="/"+arg)}return joined===void 0?".":posix.normalize(joined)},relative:function(from,to){if(assertPath(
from),assertPath(to),from===to||(from=posix.resolve(from),to=posix.resolve(to),from===to))return"";for(var fromStart=1;fromStart<from.length&&from.charCodeAt(fromStart)===
47;++fromStart);for(var fromEnd=from.length,fromLen=fromEnd-fromStart,toStart=1;toStart<to.length&&to.charCodeAt(toStart)===47;++toStart);for(var toEnd=to.length,
toLen=toEnd-toStart,length=fromLen<toLen?fromLen:toLen,lastCommonSep=-1,i=0;i<=length;++i){if(i===length){if(toLen>length){if(to.charCodeAt(toStart+i)===47)return to.
slice(toStart+i+1);if(i===0)return to.slice(toStart+i)}else fromLen>length&&(from.charCodeAt(fromStart+i)===47?lastCommonSep=i:i===0&&(lastCommonSep=0));break}var fromCode=from.
charCodeAt(fromStart+i),toCode=to.charCodeAt(toStart+i);if(fromCode!==toCode)break;fromCode===47&&(lastCommonSep=i)}var out="";for(i=fromStart+lastCommonSep+1;i<=
fromEnd;++i)(i===fromEnd||from.charCodeAt(i)===47)&&(out.length===0?out+="..":out+="/..");return out.length>0?out+to.slice(toStart+lastCommonSep):(toStart+=lastCommonSep,
to.charCodeAt(toStart)===47&&++toStart,to.slice(toStart))},_makeLong:function(path2){return path2},dirname:function(path2){if(assertPath(path2),path2.length===0)
return".";for(var code=path2.charCodeAt(0),hasRoot=code===47,end=-1,matchedSlash=!0,i=path2.length-1;i>=1;--i)if(code=path2.charCodeAt(i),code===47){if(!matchedSlash){
end=i;break}}else matchedSlash=!1;return end===-1?hasRoot?"/":".":hasRoot&&end===1?"//":path2.slice(0,end)},basename:function(path2,ext){if(ext!==void 0&&typeof ext!=
"string")throw new TypeError('"ext" argument must be a string');assertPath(path2);var start=0,end=-1,matchedSlash=!0,i;if(ext!==void 0&&ext.length>0&&ext.length<=
path2.length){if(ext.length===path2.length&&ext===path2)return"";var extIdx=ext.length-1,firstNonSlashEnd=-1;for(i=path2.length-1;i>=0;--i){var code=path2.charCodeAt(
i);if(code===47){if(!matchedSlash){start=i+1;break}}else firstNonSlashEnd===-1&&(matchedSlash=!1,firstNonSlashEnd=i+1),extIdx>=0&&(code===ext.charCodeAt(extIdx)?
--extIdx===-1&&(end=i):(extIdx=-1,end=firstNonSlashEnd))}return start===end?end=firstNonSlashEnd:end===-1&&(end=path2.length),path2.slice(start,end)}else{for(i=
path2.length-1;i>=0;--i)if(path2.charCodeAt(i)===47){if(!matchedSlash){start=i+1;break}}else end===-1&&(matchedSlash=!1,end=i+1);return end===-1?"":path2.slice(
start,end)}},extname:function(path2){assertPath(path2);for(var startDot=-1,startPart=0,end=-1,matchedSlash=!0,preDotState=0,i=path2.length-1;i>=0;--i){var code=path2.
charCodeAt(i);if(code===47){if(!matchedSlash){startPart=i+1;break}continue}end===-1&&(matchedSlash=!1,end=i+1),code===46?startDot===-1?startDot=i:preDotState!==
1&&(preDotState=1):startDot!==-1&&(preDotState=-1)}return startDot===-1||end===-1||preDotState===0||preDotState===1&&startDot===end-1&&startDot===startPart+1?"":
path2.slice(startDot,end)},format:function(pathObject){if(pathObject===null||typeof pathObject!="object")throw new TypeError('The "pathObject" argument must be \
of type Object. Received type '+typeof pathObject);return _format("/",pathObject)},parse:function(path2){assertPath(path2);var ret={root:"",dir:"",base:"",ext:"",
name:""};if(path2.length===0)return ret;var code=path2.charCodeAt(0),isAbsolute=code===47,start;isAbsolute?(ret.root="/",start=1):start=0;for(var startDot=-1,startPart=0,
end=-1,matchedSlash=!0,i=path2.length-1,preDotState=0;i>=start;--i){if(code=path2.charCodeAt(i),code===47){if(!matchedSlash){startPart=i+1;break}continue}end===
-1&&(matchedSlash=!1,end=i+1),code===46?startDot===-1?startDot=i:preDotState!==1&&(preDotState=1):startDot!==-1&&(preDotState=-1)}return startDot===-1||end===-1||
preDotState===0||preDotState===1&&startDot===end-1&&startDot===startPart+1?end!==-1&&(startPart===0&&isAbsolute?ret.base=ret.name=path2.slice(1,end):ret.base=ret.
name=path2.slice(startPart,end)):(startPart===0&&isAbsolute?(ret.name=path2.slice(1,startDot),ret.base=path2.slice(1,end)):(ret.name=path2.slice(startPart,startDot),
ret.base=path2.slice(startPart,end)),ret.ext=path2.slice(startDot,end)),startPart>0?ret.dir=path2.slice(0,startPart-1):isAbsolute&&(ret.dir="/"),ret},sep:"/",delimiter:"\
:",win32:null,posix:null};posix.posix=posix;module2.exports=posix}});var path=require_path_browserify();path.posix=path;path.toNamespacedPath=p=>p;module.exports=path;
