/** Currencies that Stripe charges in: https://docs.stripe.com/currencies#presentment-currencies */
export const CURRENCIES: readonly string[] = (
  'usd eur gbp chf aud cad nzd sek nok dkk pln czk huf ron bgn jpy krw twd hkd sgd inr idr myr php thb vnd cny ' +
  'brl mxn ars clp cop pen uyu zar ngn kes ghs egp mad ils try aed sar qar kwd bhd omr jod tnd isk uah gel kzt ' +
  'afn all amd ang aoa awg azn bam bbd bdt bif bmd bnd bob bsd bwp bzd cdf crc cve djf dop dzd etb fjd fkp gip ' +
  'gmd gnf gtq gyd hnl htg jmd kgs khr kmf kyd lak lbp lkr lrd lsl mdl mga mkd mmk mnt mop mur mvr mwk mzn nad ' +
  'nio npr pab pgk pkr pyg rsd rwf sbd scr shp sle sos srd std szl tjs top ttd tzs ugx uzs vuv wst xaf xcd xof ' +
  'xpf yer zmw'
).split(' ');
