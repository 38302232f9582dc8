import Testing

@testable import LabStore

/// A layer's parts are read from the names in the file, and written as they were.
@Suite struct LayerPartTests {
  @Test(
    arguments: [
      ("kernel", nil, "kernel"), ("backward/forget", .backward, "forget"),
      ("forward/recurrent_kernel", .forward, "recurrent_kernel"), ("forward", .forward, nil),
      ("forward/", .forward, ""), ("a/b", nil, "a/b"), ("forwards/a", nil, "forwards/a"),
      ("backward/a/b", .backward, "a/b"), ("", nil, ""),
    ] as [(String, LayerPart.Direction?, String?)])
  func `a text is read and written to the byte`(
    text: String, direction: LayerPart.Direction?, name: String?
  ) {
    #expect(LayerPart(text) == LayerPart(direction, name))
    #expect(LayerPart(text).text == text)
  }

  @Test func `all of a layer without gates has no text`() {
    #expect(LayerPart(nil, nil).text == nil)
  }
}
