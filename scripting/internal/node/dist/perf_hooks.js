"use strict";var{performance}=globalThis;module.exports={performance,constants:{}};
