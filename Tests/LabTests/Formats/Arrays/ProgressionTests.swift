import LabFormats
import Testing

/// A progression is the numbers that it was made of, however it stores them.
@Suite struct ProgressionTests {
  private static let lists: [[Int]] = [
    [], [3], [3, 3, 3], [0, 2, 4, 6], [5, 4, 3], [0, 2, 4, 7], [1, 2, 1], [0, 0, 1], [.min, .max],
    [.max, .min, 0],
  ]

  @Test(arguments: lists) func `it has the numbers of a list`(numbers: [Int]) {
    let progression = Progression(numbers)
    #expect(progression.count == numbers.count)
    #expect(Array(progression) == numbers)
    #expect(numbers.indices.allSatisfy { progression[$0] == numbers[$0] })
    #expect(progression.isConstant == numbers.allSatisfy { $0 == numbers[0] })
    for other in Self.lists {
      #expect((Progression(other) == progression) == (other == numbers))
    }
  }

  @Test(arguments: lists) func `a number more is that number more`(numbers: [Int]) {
    for next in [0, 3, 8, -5, Int.max] {
      var progression = Progression(numbers)
      progression.append(next)
      #expect(Array(progression) == numbers + [next])
      #expect(progression == Progression(numbers + [next]))
    }
  }

  @Test func `even ones know their distance`() {
    #expect(Progression([4, 7, 10]).spacing.map { [$0.first, $0.distance] } == [4, 3])
    #expect(Progression([4, 7, 11]).spacing == nil)
    #expect(Progression(repeating: 9, count: 3) == [9, 9, 9])
    #expect(Progression(repeating: 9, count: 0) == [])
  }
}
