package respond

import (
	"fmt"
	"html/template"
	"text/template/parse"
)

// folder replaces {{t "key"}}, {{asset "name"}}, {{lang}} and {{if sandbox}} by
// their values once, before html/template sees the tree, so that a word on a page costs a
// copy at render time. It finds unknown keys on the way.
type folder struct {
	messages messages
	static   *staticFiles
	lang     string
	sandbox  bool
	err      error
}

func (f *folder) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for i, node := range l.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			l.Nodes[i] = f.action(n)
		case *parse.IfNode:
			f.list(n.List)
			f.list(n.ElseList)
			if n.Pipe.String() == "sandbox" {
				l.Nodes[i] = f.chosen(n)
			}
		case *parse.RangeNode:
			f.list(n.List)
			f.list(n.ElseList)
		case *parse.WithNode:
			f.list(n.List)
			f.list(n.ElseList)
		}
	}
}

// chosen is the branch of {{if sandbox}} that this platform shows.
func (f *folder) chosen(n *parse.IfNode) parse.Node {
	branch := n.ElseList
	if f.sandbox {
		branch = n.List
	}
	if branch == nil {
		return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos}
	}
	return branch
}

// action is what an action becomes: text where its value is constant, else the
// action itself.
func (f *folder) action(n *parse.ActionNode) parse.Node {
	if len(n.Pipe.Cmds) != 1 || len(n.Pipe.Decl) > 0 {
		return n
	}
	args := n.Pipe.Cmds[0].Args
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok {
		return n
	}
	if name.Ident == "lang" {
		return f.text(n, f.lang)
	}
	if len(args) < 2 {
		return n
	}
	constant, ok := args[1].(*parse.StringNode)
	if !ok {
		return n
	}
	switch name.Ident {
	case "t":
		return f.words(n, constant.Text, args[2:])
	case "asset":
		address, err := f.static.address(constant.Text)
		f.fail(err)
		return f.text(n, address)
	}
	return n
}

// words is {{t "key" a b}} as text and, between it, {{a}} and {{b}}.
func (f *folder) words(n *parse.ActionNode, key string, args []parse.Node) parse.Node {
	m, ok := f.messages[key]
	switch {
	case !ok:
		f.fail(fmt.Errorf("no message %q", key))
		return n
	case m.arity() != len(args):
		f.fail(fmt.Errorf("message %q takes %d values, not %d", key, m.arity(), len(args)))
		return n
	case m.parts == nil:
		return f.text(n, m.text)
	}
	list := &parse.ListNode{NodeType: parse.NodeList, Pos: n.Pos}
	for i, arg := range m.args {
		value := n.Copy().(*parse.ActionNode)
		value.Pipe.Cmds[0].Args = []parse.Node{args[arg].Copy()}
		list.Nodes = append(list.Nodes, f.text(n, m.parts[i]), value)
	}
	list.Nodes = append(list.Nodes, f.text(n, m.parts[len(m.args)]))
	return list
}

// text is right in element content and in quoted attributes, where templates
// may use words; readTemplates keeps them out of scripts.
func (f *folder) text(n *parse.ActionNode, s string) parse.Node {
	return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(template.HTMLEscapeString(s))}
}

func (f *folder) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}
