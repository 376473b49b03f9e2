package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// limit is of the readers here.
const limit = 32 << 20

func TestReader_readsWholeFrames(t *testing.T) {
	big := bytes.Repeat([]byte("x"), 3*ReadBuffer)
	stream := AppendFrame(AppendFrame(AppendFrame(nil, "one"), ""), big)
	r := NewReader(iotest.OneByteReader(bytes.NewReader(stream)), limit)
	for _, want := range []string{"one", "", string(big)} {
		got, err := r.Next()
		if err != nil || string(got) != want {
			t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(want))
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestReader_refusesBadFrames(t *testing.T) {
	tests := map[string]struct {
		stream []byte
		want   error
	}{
		"a frame over the limit":      {binary.LittleEndian.AppendUint32(nil, ReadBuffer+1), ErrFrameTooLarge},
		"a length of all ones":        {[]byte{255, 255, 255, 255}, ErrFrameTooLarge},
		"a header that is cut":        {[]byte{1, 0}, io.ErrUnexpectedEOF},
		"a small content that is cut": {[]byte{9, 0, 0, 0, 'x'}, io.ErrUnexpectedEOF},
		"half a large content":        {binary.LittleEndian.AppendUint32(nil, ReadBuffer), io.ErrUnexpectedEOF},
		"nothing":                     {nil, io.EOF},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := NewReader(bytes.NewReader(tc.stream), ReadBuffer).Next(); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestReader_lengthAloneAllocatesLittle(t *testing.T) {
	head := binary.LittleEndian.AppendUint32(nil, limit)
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewReader(bytes.NewReader(head), limit).Next(); err == nil {
				b.Fatal("read a frame that is not there")
			}
		}
	}).AllocedBytesPerOp()
	if got > 2<<20 {
		t.Errorf("a header that claims %d bytes made the reader allocate %d", limit, got)
	}
}

// FuzzReader holds the reader against the plain reading of the format.
func FuzzReader(f *testing.F) {
	f.Add(AppendFrame(AppendFrame(nil, "a"), "b"))
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := NewReader(bytes.NewReader(stream), 1<<20)
		for rest := stream; ; {
			got, err := r.Next()
			if len(rest) < headerSize || uint64(binary.LittleEndian.Uint32(rest)) > uint64(len(rest)-headerSize) {
				if err == nil {
					t.Fatal("read a frame that is not whole")
				}
				return
			}
			n := int(binary.LittleEndian.Uint32(rest))
			if err != nil || !bytes.Equal(got, rest[headerSize:headerSize+n]) {
				t.Fatalf("frame of %d bytes: got %d, %v", n, len(got), err)
			}
			rest = rest[headerSize+n:]
		}
	})
}

func TestReader_pending(t *testing.T) {
	stream := append(AppendFrame(AppendFrame(nil, "one"), "two"), 9, 0, 0, 0, 'x')
	r := NewReader(bytes.NewReader(stream), limit)
	for i, want := range []bool{true, false} {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		if r.Pending() != want || !r.HasMore() {
			t.Errorf("behind frame %d: pending is %v, more is %v", i, r.Pending(), r.HasMore())
		}
	}
}
