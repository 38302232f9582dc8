@problemName Load
@univariate true
@targetLabel true
@data
1.0,1.5,2.0:2.5
2.0,1.5,1.0:0.5
0.5,0.75:1.0
1.0:1.0
0.25,0.5,1.0,2.0:4.0
