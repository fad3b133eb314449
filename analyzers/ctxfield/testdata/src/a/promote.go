package a

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
)

type base struct{ Ctx context.Context }

type Base struct{ Ctx context.Context }

type base2 struct{ Ctx context.Context }

type tagged struct {
	C context.Context `json:"Ctx"`
}

type view struct {
	base
	Ctx string
}

type viewOf struct {
	*view
	ID string
}

type renamed struct {
	base
	Text string `json:"Ctx" xml:"Ctx"`
}

type attribute struct {
	base
	Text string `xml:"Ctx,attr"`
}

type otherName struct {
	base
	Ctx string `json:"text"`
}

type Both struct {
	Base
	base2
}

type bothTagged struct {
	Base
	tagged
}

type left struct{ base }

type right struct{ base }

type twice struct {
	left
	right
}

type nested struct {
	Base `json:"base"`
	Ctx  string
}

type hiddenAndNot struct {
	Both
	Ctx  string
	Next context.Context
}

type Outside struct {
	Base
	Ctx string
}

type ring struct {
	*ring
	Base
	Ctx int
}

func promoted(enc *gob.Encoder) {
	json.Marshal(view{})         // silent: the outer Ctx hides the context
	xml.Marshal(view{})          // silent: the same
	json.Marshal([]viewOf{})     // silent: the same, one level deeper
	json.Marshal(renamed{})      // silent: the tag gives the outer field the name
	xml.Marshal(renamed{})       // silent: the same
	xml.Marshal(attribute{})     // want `attribute.base.Ctx is a context`
	json.Marshal(otherName{})    // want `otherName.base.Ctx is a context`
	json.Marshal(Both{})         // silent: neither hides the other, so JSON drops both
	json.Marshal(bothTagged{})   // want `bothTagged.tagged.C is a context`
	json.Marshal(twice{})        // silent: one field by two ways is dropped as well
	json.Marshal(nested{})       // want `nested.Base.Ctx is a context`
	json.Marshal(hiddenAndNot{}) // want `hiddenAndNot.Next is a context`
	enc.Encode(Outside{})        // want `Outside.Base.Ctx is a context, which gob`
	json.Marshal(ring{})         // silent: the outer Ctx hides the context
}
