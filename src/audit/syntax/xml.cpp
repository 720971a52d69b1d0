// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"

#include <pugixml.hpp>

namespace viaduct::audit::syntax {
namespace {

class Builder : public pugi::xml_tree_walker {
 public:
  Builder(const Text& text, Tree& tree, bool entities)
      : text_(text), tree_(tree), path_{Tree::kRoot}, entities_(entities) {}

  bool for_each(pugi::xml_node& node) override {
    const auto level = static_cast<std::size_t>(depth());
    path_.resize(std::min(path_.size(), level + 1));
    if (path_.size() < level + 1) return true;  // within what was left out
    const std::uint32_t line =
        node.offset_debug() < 0 ? 0 : text_.line_of(static_cast<std::size_t>(node.offset_debug()));
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      // An entity that is left in the text would have been one of the document's own.
      if (!entities_ || Bytes(node.value()).find('&') == Bytes::npos) tree_.put(path_.back(), word(node.value()), line);
      return true;
    }
    if (node.type() != pugi::node_element) return true;
    path_.push_back(element(node, line));
    return true;
  }

 private:
  Tree::Index element(const pugi::xml_node& node, std::uint32_t line) {
    const Bytes name = node.name();
    if (name == "member") return path_.back();  // its text is the word
    const pugi::xml_attribute named = node.attribute("name");
    if (name == "entry" && named) return tree_.put(path_.back(), word(named.value()), line);
    // Elements of one name that stand side by side are a list: each its own node.
    const Tree::Index index = tree_.append(path_.back(), word(name), line);
    for (const pugi::xml_attribute& attribute : node.attributes())
      tree_.put(tree_.put(index, tree_.keep("@" + std::string(attribute.name())), line), word(attribute.value()), line);
    return index;
  }
  /// pugixml keeps a copy of its own, which dies with the document.
  Bytes word(Bytes text) { return tree_.keep(std::string(text)); }

  const Text& text_;
  Tree& tree_;
  std::vector<Tree::Index> path_;
  bool entities_ = false;
};

/// pugixml walks without recursion and reads no entities of its own making: depth and size are bounded by the text's.
constexpr unsigned kOptions = pugi::parse_default | pugi::parse_trim_pcdata;

/// Octets before the end at which a document that was cut may be said to break.
constexpr std::size_t kEnd = 64;

}  // namespace

void xml(const Text& text, Tree& tree) {
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(text.octets().data(), text.octets().size(), kOptions, pugi::encoding_utf8);
  const std::size_t declared = text.octets().find("<!ENTITY");
  const bool entities = declared != Bytes::npos;
  if (entities) tree.problem(text.line_of(declared), "the XML declares entities, which are not expanded");
  if (!result) {
    const bool cut = static_cast<std::size_t>(result.offset) + kEnd >= text.octets().size();
    tree.problem(text.line_of(static_cast<std::size_t>(result.offset)),
                 cut ? std::string("the XML ends in the middle of an element")
                     : std::string("broken XML: ") + result.description());
  }
  Builder builder(text, tree, entities);
  document.traverse(builder);
}

}  // namespace viaduct::audit::syntax
