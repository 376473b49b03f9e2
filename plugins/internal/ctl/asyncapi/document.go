package asyncapi

// document is a document of AsyncAPI 3.0.0
// (https://www.asyncapi.com/docs/reference/specification/v3.0.0), as far as it is needed.
type document struct {
	AsyncAPI    string               `json:"asyncapi"`
	Info        info                 `json:"info"`
	ContentType string               `json:"defaultContentType"`
	Servers     map[string]server    `json:"servers"`
	Channels    map[string]channel   `json:"channels"`
	Operations  map[string]operation `json:"operations"`
	Components  components           `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type server struct {
	Host        string              `json:"host"`
	Protocol    string              `json:"protocol"`
	Description string              `json:"description,omitempty"`
	Variables   map[string]variable `json:"variables,omitempty"`
}

type variable struct {
	Default     string `json:"default"`
	Description string `json:"description"`
}

type reference struct {
	Ref string `json:"$ref"`
}

type channel struct {
	Address     string               `json:"address"`
	Description string               `json:"description"`
	Servers     []reference          `json:"servers"`
	Parameters  map[string]parameter `json:"parameters,omitempty"`
	Messages    map[string]reference `json:"messages"`
}

type parameter struct {
	Description string `json:"description"`
	Location    string `json:"location,omitempty"`
}

type operation struct {
	Action   string      `json:"action"`
	Channel  reference   `json:"channel"`
	Messages []reference `json:"messages"`
}

type message struct {
	Name        string    `json:"name"`
	Title       string    `json:"title,omitempty"`
	ContentType string    `json:"contentType"`
	Headers     reference `json:"headers"`
	Payload     any       `json:"payload"`
}

type components struct {
	Messages map[string]message `json:"messages"`
	Schemas  map[string]any     `json:"schemas"`
}
