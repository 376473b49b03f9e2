package spec

// Handshake is a request by which a provider checks that an endpoint is ours.
type Handshake struct {
	Method string `json:"method" format:"method" required:"true" maxlen:"16" doc:"Method of the request."`
	// When is the place that marks one. It may be empty for HEAD, GET and
	// OPTIONS where the row has no deliveries of that method.
	When string `json:"when,omitempty" format:"place" maxlen:"256" doc:"Place that marks the request; may be empty where no delivery has the method."`
	// Is is the value that must stand there; empty for any.
	Is string `json:"is,omitempty" maxlen:"256" doc:"Value that must stand there, any if empty."`
	// Without is a place that must be empty, such as the signature's.
	Without string `json:"without,omitempty" format:"place" maxlen:"256" doc:"Place that must be empty."`
	// Token is the place of a value that must equal the setting TokenSetting;
	// without the setting the request is refused, unless the setting is optional.
	Token        string `json:"token,omitempty" format:"place" maxlen:"256" doc:"Place of a token that must equal a setting."`
	TokenSetting string `json:"token_setting,omitempty" format:"word" maxlen:"64" doc:"Name of the setting that the token must equal."`
	// Expect must hold beside the token: what else the request must name of the settings,
	// such as the topic of a subscription. Without it nothing is answered.
	Expect []Expect `json:"expect,omitempty" maxlen:"4" doc:"Places that must hold a value, which may be a setting, or the request is refused."`
	// Challenge is the place of the value to send back; it must be printable
	// ASCII of at most 1024 bytes.
	Challenge string `json:"challenge,omitempty" format:"place" maxlen:"256" doc:"Place of the value to send back."`
	// Response makes {response} of the answer from the challenge.
	Response Response `json:"response,omitzero" doc:"How the answer's {response} is made from the challenge."`
	// Answer's body and headers may hold {challenge}, {response} and
	// {setting:name}, the first two also as {challenge|json}, quoted.
	Answer Answer `json:"answer" doc:"The answer, whose body and headers may hold {challenge} and {response}."`
	// Grants are headers of the answer that are there only where the request asks for
	// what they tell.
	Grants []Grant `json:"grants,omitempty" maxlen:"4" doc:"Headers of the answer that are there only where the request asks for them."`
	// Unsigned says that the provider does not sign the request, so that it is
	// answered without a proof. A signed one is answered only after Verify.
	Unsigned bool `json:"unsigned,omitempty" doc:"Answer the request without a proof, because the provider does not sign it."`
	// Setup says that the challenge is a secret which the provider hands over.
	// Such a request is answered only while the setting setup is on.
	Setup bool `json:"setup,omitempty" doc:"The challenge is a secret that is handed over: answer only while setup is on."`
	// Confirm is the place of a URL that must be called to confirm; its host
	// must be one of those of ConfirmHosts, as in Remote.
	Confirm      string   `json:"confirm,omitempty" format:"place" maxlen:"256" doc:"Place of a URL that must be called to confirm, which is done while setup is on."`
	ConfirmHosts []string `json:"confirm_hosts,omitempty" format:"hosts" maxlen:"8" doc:"Hosts that the URL may have; a * stands for one label."`
}

// Grant is a header of an answer to a request that asks for a number, such as a rate:
// the number that is asked for, or * where that is no positive whole number.
type Grant struct {
	At   string `json:"at" format:"place" required:"true" maxlen:"256" doc:"Place of the number that the sender asks for."`
	Name string `json:"name" format:"header" required:"true" maxlen:"128" doc:"Name of the header, in lower case, that grants it."`
}

// Response is a signature over a challenge. Its kind is HMAC, with the newest
// secret as the key, or Digest.
type Response struct {
	Kind     Kind     `json:"kind,omitempty" doc:"The kind hmac or digest."`
	Hash     Hash     `json:"hash,omitempty" doc:"Hash of the response."`
	Encoding Encoding `json:"encoding,omitempty" doc:"How the response is written."`
	Content  string   `json:"content,omitempty" format:"template" maxlen:"512" doc:"What is hashed: {challenge}, {setting:x} and {url} between literal text."`
	// HexChallenge takes only challenges of 20 to 32 hexadecimal digits. It is
	// needed where the signed text of a delivery is a token, too, so that whoever
	// chooses the challenge could have a delivery signed.
	HexChallenge bool `json:"hex_challenge,omitempty" doc:"Take only challenges of 20 to 32 hexadecimal digits."`
}

// Header is one line, its name in lower case.
type Header struct {
	Name  string `json:"name" format:"header" required:"true" maxlen:"128" doc:"Name of the header in lower case."`
	Value string `json:"value" maxlen:"1024" doc:"Value of the header."`
}

// Answer is a whole HTTP answer to a provider.
type Answer struct {
	Status      int    `json:"status,omitempty" min:"0" max:"299" doc:"HTTP status, 200 if 0."` // 0 means 200
	ContentType string `json:"content_type,omitempty" format:"media" maxlen:"128" doc:"Content type of the answer."`
	Body        string `json:"body,omitempty" maxlen:"1024" doc:"Body of the answer."`
	// Headers are further headers, names in lower case.
	Headers []Header `json:"headers,omitempty" maxlen:"8" doc:"Further headers of the answer."`
}
