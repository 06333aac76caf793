"use strict";

// Currencies that do not have two digits after the point (ISO 4217).
const digits = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
};

exports.formatMoney = function formatMoney(amount, currency) {
  const [whole, part] = Math.abs(amount).toFixed(digits[currency] ?? 2).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "-" : ""}${grouped}${part ? `.${part}` : ""} ${currency}`;
};
