import Testing

@testable import LSTMEngine

@Suite struct RandomTests {
  /// The known answers of Random123's `kat_vectors` for philox4x32-10.
  @Test func `Philox gives its published answers`() {
    let zero = Philox(key: 0).block(SIMD4(0, 0, 0, 0))
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox(key: .max).block(SIMD4(repeating: .max))
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(key: 0x299f_31d0_a409_3822)
      .block(SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test(arguments: [0, 1, 2, 15, 16, 1000], [1, 2, 77])
  func `permutations hold every number once`(count: Int, number: Int) {
    let order = RandomStream(seed: 5, purpose: .shuffle, number: number).permutation(count)
    #expect(order.sorted() == Array(0..<count))
    if count > 15 { #expect(order != Array(0..<count)) }
  }

  /// What every stored order of samples was drawn by.
  @Test(arguments: [0, 1, 2, 8, 9, 17, 256, 257, 258, 264, 265, 521, 3000], [1, 40])
  func `a permutation changes places from the last one down, each with one of its own draw`(
    count: Int, number: Int
  ) {
    let stream = RandomStream(seed: 9, purpose: .shuffle, number: number)
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, stream.integer(last, below: last + 1))
    }
    #expect(stream.permutation(count) == order)
  }

  @Test(arguments: [7, 100, 1 << 32, 1 << 32 + 3, 1 << 62])
  func `eight draws are those of their indices`(index: Int) {
    let stream = RandomStream(seed: .max - 4, purpose: .dropout, number: 12)
    let bits = stream.bits(downFrom: index)
    #expect((0..<8).map { bits[$0] } == (0..<8).map { stream.bits(index - $0) })
  }

  @Test func `purposes, numbers and seeds are independent`() {
    var seen: Set<UInt64> = []
    for seed in 0..<5 as Range<UInt64> {
      for purpose in [RandomStream.Purpose.initialWeights, .shuffle] {
        for number in 0..<5 {
          let stream = RandomStream(seed: seed, purpose: purpose, number: number)
          for index in 0..<20 { seen.insert(stream.bits(index)) }
        }
      }
    }
    #expect(seen.count == 5 * 2 * 5 * 20)
  }

  @Test func `uniform and normal have their moments`() {
    let stream = RandomStream(seed: 1, purpose: .initialWeights, number: 0)
    let count = 100_000
    let uniform = (0..<count).map(stream.uniform), normal = (0..<count).map(stream.normal)
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    #expect(abs(mean(uniform) - 0.5) < 0.005)
    #expect(abs(mean(normal)) < 0.015)
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 0.02)
    #expect(abs(mean(normal.map { $0 * $0 * $0 * $0 }) - 3) < 0.15)
  }

  /// Within two units in the last place of the system's functions, which round to within one.
  @Test func `elementary functions are accurate`() {
    for index in 1...100_000 {
      let x = Double(index) / 100_001
      let log = ElementaryFunctions.log(x)
      #expect(abs(log - systemLog(x)) <= 2 * systemLog(x).ulp)
      let cosine = ElementaryFunctions.cosineOfTurns(x)
      #expect(abs(cosine - systemCosineOfTurns(x)) <= 4e-16)
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

@Suite struct InitializerTests {
  @Test(arguments: [(3, 12), (12, 3), (4, 16), (33, 132), (1, 4), (5, 5)])
  func `orthogonal vectors are orthonormal`(rows: Int, columns: Int) {
    let stream = RandomStream(seed: 2, purpose: .initialWeights, number: 1)
    let matrix = Initializers.orthogonal(rows: rows, columns: columns, stream)
    #expect(matrix.count == rows * columns)
    let count = min(rows, columns), length = max(rows, columns)
    func element(_ vector: Int, _ place: Int) -> Double {
      Double(rows <= columns ? matrix[vector * columns + place] : matrix[place * columns + vector])
    }
    for a in 0..<count {
      for b in 0...a {
        let dot = (0..<length).reduce(0.0) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(dot - (a == b ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test func `defaults are Keras's`() throws {
    let network = try Experiment(units: [6]).network()
    let weights = network.snapshot().weights
    let tensors = network.layout.tensors
    #expect(
      tensors.map(\.path) == [
        "lstm_0/kernel", "lstm_0/recurrent_kernel", "lstm_0/bias", "dense/kernel", "dense/bias",
      ])
    let limit = Float((6.0 / (3 + 24)).squareRoot())
    let kernel = tensors[0].values(in: weights)
    #expect(kernel.allSatisfy { abs($0) <= limit })
    #expect((kernel.max() ?? 0) > 0.8 * limit)
    #expect((kernel.min() ?? 0) < -0.8 * limit)
    #expect(tensors[2].values(in: weights) == (0..<24).map { (6..<12).contains($0) ? 1 : 0 })
    #expect(tensors[4].values(in: weights) == [0, 0])
  }
}
