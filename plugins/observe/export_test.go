package observe

// RecordOf is the record of a delivery.
var RecordOf = recordOf
