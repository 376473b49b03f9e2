// Package seal decrypts payloads with a receiver's keys, and encrypts them as a sender
// does. Whatever is wrong with a ciphertext, its padding, its MAC or its length, the
// answer is the same, so that nobody learns anything of a payload by changing one; and
// nothing here proves a sender, which has been done before.
package seal
