"use strict";module.exports=native.process;
