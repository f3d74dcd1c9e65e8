// Package platform is the platform half as a value: what Tencent runs, made from a Config,
// started with Run and ended with Close. It only wires; what each part does is said in the
// parts.
package platform
