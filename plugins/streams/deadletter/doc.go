// Package deadletter keeps what a consumer could not process, so that it is seen,
// looked at and tried again.
//
// Letters come in two ways into one stream. A consumer that gives up on a message
// writes a copy with its reason (Message). A consumer that dies on a message, time
// after time, writes nothing: there JetStream itself reports that the message has
// reached its most deliveries, in an advisory that the stream of letters takes
// too, so that nobody has to listen at that moment. Such a letter is a pointer to
// the message, which is gone when its stream drops it.
package deadletter
